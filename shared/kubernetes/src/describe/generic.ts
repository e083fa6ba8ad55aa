import type { KubeObject } from '../client/cluster.ts'
import { dependentsOf } from './dependents.ts'
import type { Explained, Subject } from './description.ts'
import { isBuiltIn } from './kinds.ts'
import { withoutNoise } from './noise.ts'
import { parseQuantity } from './quantity.ts'

interface Quota extends KubeObject {
  status?: { hard?: Record<string, string>; used?: Record<string, string> }
}

interface Budget extends KubeObject {
  status?: {
    disruptionsAllowed?: number
    currentHealthy?: number
    desiredHealthy?: number
    expectedPods?: number
  }
}

/** Any other kind: its own fields, and what it owns when it is a custom resource. */
export async function describeGeneric(subject: Subject): Promise<Explained> {
  const { object, resource, reader, namespace } = subject
  const { apiVersion: _v, kind: _k, metadata: _m, status, ...own } = withoutNoise(object)
  const { conditions: _c, ...state } = isRecord(status) ? status : {}
  return {
    facts: {
      ...(own.data === undefined ? own : { ...own, data: sizesOf(own.data) }),
      ...(Object.keys(state).length > 0 && { status: state }),
    },
    findings: [],
    ...(!isBuiltIn(resource.group) && { dependents: await dependentsOf(reader, namespace, object) }),
  }
}

/** A ResourceQuota: what is used of what, and what is used up. */
export async function describeQuota({ object }: Subject<Quota>): Promise<Explained> {
  const { hard = {}, used = {} } = object.status ?? {}
  const full = Object.keys(hard).filter((what) => parseQuantity(used[what] ?? 0) >= parseQuantity(hard[what]))
  return {
    facts: {
      used: Object.fromEntries(
        Object.keys(hard).map((what) => [what, `${used[what] ?? 0} of ${hard[what]}`]),
      ),
    },
    findings: full.map((what) => `${what} is used up: ${used[what]} of ${hard[what]}`),
  }
}

/** A PodDisruptionBudget: whether it lets anything be evicted. */
export async function describeBudget(subject: Subject<Budget>): Promise<Explained> {
  const { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods } = subject.object.status ?? {}
  const explained = await describeGeneric(subject)
  const finding =
    expectedPods === 0
      ? 'Its selector finds no pods'
      : `Allows no eviction now: ${currentHealthy ?? 0} of ${expectedPods ?? 0} pods healthy, ${desiredHealthy ?? 0} must stay`
  return {
    ...explained,
    findings: disruptionsAllowed === 0 ? [finding] : [],
    saidConditions: ['DisruptionAllowed'],
  }
}

// A ConfigMap may hold a book and a Secret only digests: here the keys are enough, getResource shows the rest.
function sizesOf(data: unknown): unknown {
  if (!isRecord(data)) return data
  const entries = Object.entries(data).map(([key, value]): [string, unknown] => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [key, text.length <= 120 ? text : `${text.length} characters`]
  })
  return Object.fromEntries(entries)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
