import type { Command, Meaning } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { nameOf } from '../names.ts'
import { numberOf } from '../numbers.ts'
import { mistaken, quoted, refused } from '../refusal.ts'
import { podName } from '../writes/exec.ts'

const GREP = 'logs are read per container; infra.k8s.pods.getPodLogs can also follow and search'

export const logsFlags: FlagShapes = {
  ...NAMESPACE,
  container: { takes: 'text', short: 'c' },
  tail: { takes: 'text' },
  since: { takes: 'text' },
  previous: { takes: 'switch', short: 'p' },
  follow: { takes: 'switch', short: 'f', refuse: GREP },
  selector: { takes: 'text', short: 'l', refuse: GREP },
  'all-containers': { takes: 'switch', refuse: GREP },
  'all-pods': { takes: 'switch', refuse: GREP },
  'since-time': { takes: 'text', refuse: 'write --since=1h' },
  'limit-bytes': { takes: 'text', refuse: 'the reply is bounded; use --tail' },
  // What the container wrote is shown as it stands.
  timestamps: { takes: 'switch', refuse: 'times of the node are not shown' },
}

/** `logs web -c app --tail=50 --since=1h --previous` */
export function parseLogs({ parsed, place }: Command): Meaning {
  const [pod = '', container, ...more] = parsed.args
  if (pod === '') throw mistaken('logs needs the name of a pod')
  if (more.length > 0) throw refused('logs takes one pod at a time')
  const flag = parsed.text('container')
  if (flag !== undefined && container !== undefined && flag !== container)
    throw refused('two containers are named')
  const wanted = flag ?? container
  const tail = parsed.text('tail')
  const since = parsed.text('since')
  if (since !== undefined && !/^[0-9]+[smhd]([0-9]+[smh])*$/.test(since)) {
    throw mistaken(`--since is a time span such as 10m or 2h, not ${quoted(since)}`)
  }
  return {
    read: {
      ...place,
      verb: 'logs',
      name: podName(pod, 'logs'),
      ...(wanted !== undefined && { container: nameOf(wanted) }),
      ...(tail !== undefined && { tail: numberOf('--tail', tail, -1, 20_000) }),
      ...(since !== undefined && { since }),
      ...(parsed.isOn('previous') && { previous: true }),
    },
  }
}
