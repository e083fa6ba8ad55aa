import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Api } from './api.ts'
import { eventually } from './eventually.ts'

/** `previous` is what `kubectl logs --previous` shows; lines are one millisecond apart and end now or at `until`. */
export type LogOptions = { previous?: boolean; until?: Date }

const CRI_CHUNK = 16 * 1024

/** Content in the format container runtimes write and kubelets read; long lines in pieces, as containerd does. */
function criLog(content: string | Buffer, until = new Date()): Buffer {
  const lines = splitLines(Buffer.isBuffer(content) ? content : Buffer.from(content, 'utf8'))
  const first = until.getTime() - lines.length
  const pieces = lines.flatMap((line, index) => {
    const time = `${new Date(first + index).toISOString().slice(0, -1)}000000Z stdout`
    const out: Buffer[] = []
    for (let at = 0; at === 0 || at < line.length; at += CRI_CHUNK) {
      const tag = at + CRI_CHUNK < line.length ? 'P' : 'F'
      out.push(Buffer.from(`${time} ${tag} `), line.subarray(at, at + CRI_CHUNK), Buffer.from('\n'))
    }
    return out
  })
  return Buffer.concat(pieces)
}

/** Sets the whole log of one container and waits until the API server shows it, if the pod is there yet. */
export async function writeLog(
  dir: string,
  api: Api,
  target: { namespace: string; pod: string; container: string },
  content: string | Buffer,
  { previous = false, until = new Date() }: LogOptions = {},
): Promise<void> {
  const folder = join(dir, 'pod-logs', target.namespace, target.pod)
  await mkdir(folder, { recursive: true })
  await writeFile(logFile(folder, target.container, previous), criLog(content, until))
  const known = (await readdir(folder)).map((name) => name.replace(/(\.previous)?\.log$/, ''))
  const logs = [...new Set(known)].map((container) => ({
    containers: [container],
    logsFile: logFile(folder, container, false),
    previousLogsFile: logFile(folder, container, true),
  }))
  // A pod with a Logs object of its own no longer gets the default, so its other containers are named too.
  logs.push({
    containers: [],
    logsFile: join(dir, 'default.log'),
    previousLogsFile: join(dir, 'default.previous.log'),
  })
  await applyLogs(api, target.namespace, target.pod, logs)
  const { namespace, pod, container } = target
  const query = `container=${container}&timestamps=true&limitBytes=30${previous ? '&previous=true' : ''}`
  await eventually(`log of ${namespace}/${pod}/${container} is served`, async () => {
    const { status, text } = await api.call('GET', `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`)
    if (status === 404) return true
    const lines = splitLines(Buffer.isBuffer(content) ? content : Buffer.from(content))
    return (
      lines.length === 0 ||
      text.startsWith(new Date(until.getTime() - lines.length).toISOString().slice(0, -1))
    )
  })
}

/** The log every pod has until a test writes another: three lines, and two for `--previous`. */
export async function writeDefaultLogs(dir: string): Promise<void> {
  const lines = ['starting', 'listening on :8080', 'ready']
  await writeFile(join(dir, 'default.log'), criLog(`${lines.join('\n')}\n`))
  await writeFile(join(dir, 'default.previous.log'), criLog('starting\nfatal: exiting\n'))
}

/** kwok resources: the default log, and exec that really runs the command, in an empty folder of the cluster. */
export function kubeletResources(dir: string): object[] {
  const apiVersion = 'kwok.x-k8s.io/v1alpha1'
  const log = { logsFile: join(dir, 'default.log'), previousLogsFile: join(dir, 'default.previous.log') }
  return [
    { apiVersion, kind: 'ClusterLogs', metadata: { name: 'default' }, spec: { logs: [log] } },
    {
      apiVersion,
      kind: 'ClusterExec',
      metadata: { name: 'default' },
      spec: { execs: [{ local: { workDir: join(dir, 'rootfs') } }] },
    },
  ]
}

async function applyLogs(api: Api, namespace: string, name: string, logs: object[]): Promise<void> {
  const path = `/apis/kwok.x-k8s.io/v1alpha1/namespaces/${namespace}/logs/${name}?fieldManager=test&force=true`
  const body = { apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Logs', metadata: { name }, spec: { logs } }
  const { status, text } = await api.call('PATCH', path, body, 'application/apply-patch+yaml')
  if (status >= 300) throw new Error(`log of ${namespace}/${name}: ${status} ${text.slice(0, 300)}`)
}

const logFile = (folder: string, container: string, previous: boolean): string =>
  join(folder, `${container}${previous ? '.previous' : ''}.log`)

function splitLines(content: Buffer): Buffer[] {
  const lines: Buffer[] = []
  let start = 0
  for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, start)) {
    lines.push(content.subarray(start, end))
    start = end + 1
  }
  if (start < content.length) lines.push(content.subarray(start))
  return lines
}
