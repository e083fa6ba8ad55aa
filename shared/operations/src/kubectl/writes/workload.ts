import type { KindWord } from '../names.ts'
import { quoted, refused } from '../refusal.ts'

const APPS = 'apps'
const BATCH = 'batch'
// Every name kubectl knows a kind by, its group, and where its pod spec stands.
const WORKLOADS: [string[], string, string[]][] = [
  [['pod', 'pods', 'po'], '', ['spec']],
  [['deployment', 'deployments', 'deploy'], APPS, ['spec', 'template', 'spec']],
  [['statefulset', 'statefulsets', 'sts'], APPS, ['spec', 'template', 'spec']],
  [['daemonset', 'daemonsets', 'ds'], APPS, ['spec', 'template', 'spec']],
  [['replicaset', 'replicasets', 'rs'], APPS, ['spec', 'template', 'spec']],
  [['replicationcontroller', 'replicationcontrollers', 'rc'], '', ['spec', 'template', 'spec']],
  [['job', 'jobs'], BATCH, ['spec', 'template', 'spec']],
  [['cronjob', 'cronjobs', 'cj'], BATCH, ['spec', 'jobTemplate', 'spec', 'template', 'spec']],
]

/** Where the pod spec of a built-in kind stands; other kinds are refused for `what`. */
export function podSpecPath({ kind, apiVersion }: KindWord, what: string): string[] {
  const [word = '', ...suffix] = kind.toLowerCase().split('.')
  const group = apiVersion === undefined ? suffix.join('.') || undefined : groupOf(apiVersion)
  const found = WORKLOADS.find(
    ([names, itsGroup]) => names.includes(word) && (group === undefined || group === itsGroup),
  )
  if (found) return found[2]
  throw refused(`${what} is not for ${quoted(kind)}`, 'Use "kubectl patch" for other kinds')
}

function groupOf(apiVersion: string): string {
  const [group, version] = apiVersion.split('/')
  return version === undefined ? '' : (group ?? '')
}

/** A value inside nested objects. */
export function nest(path: readonly string[], value: unknown): Record<string, unknown> {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>
}
