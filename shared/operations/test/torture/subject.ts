import type { Operation } from '../../src/index.ts'
import { deployment, type KubeJson } from '../harness.ts'
import type { Random } from './random.ts'
import type { Site } from './site.ts'

/** One object and the change that is approved for it. */
export interface Subject {
  name: string
  path: string
  collection: string
  operation: Operation
  /** Undefined where the change makes it. */
  object: KubeJson | undefined
}

const TYPES = ['scale', 'restart', 'merge', 'json', 'apply', 'delete', 'create', 'apply-new'] as const

/** Makes the object, unless the change does. */
export async function subjectOf({ namespace, api }: Site, random: Random, name: string): Promise<Subject> {
  const type = random.pick(TYPES)
  const isWorkload = type === 'scale' || type === 'restart'
  const collection = isWorkload
    ? `/apis/apps/v1/namespaces/${namespace}/deployments`
    : `/api/v1/namespaces/${namespace}/configmaps`
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { a: '1' } }
  const object = isWorkload ? deployment(name, namespace, 1) : configMap
  const target = { kind: object.kind, name, namespace }
  const operations: Record<(typeof TYPES)[number], Operation> = {
    scale: { type: 'scale', target, replicas: 2 + random.below(5) },
    restart: { type: 'restart', target },
    merge: { type: 'patch', target, patchType: 'merge', patch: { data: { a: '2' } } },
    json: { type: 'patch', target, patchType: 'json', patch: [{ op: 'add', path: '/data/b', value: '2' }] },
    apply: { type: 'apply', target, object: { ...configMap, data: { c: '3' } } },
    delete: { type: 'delete', target },
    create: { type: 'create', target, object: configMap },
    'apply-new': { type: 'apply', target, object: configMap },
  }
  const isNew = type === 'create' || type === 'apply-new'
  if (!isNew) {
    const { status } = await api('POST', collection, object)
    if (status !== 201) throw new Error(`could not make ${name}: ${status}`)
  }
  const path = `${collection}/${name}`
  return { name, path, collection, operation: operations[type], object: isNew ? undefined : object }
}
