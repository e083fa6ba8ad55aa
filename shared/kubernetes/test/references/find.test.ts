import { describe, expect, it } from 'vitest'
import type { Pod, Workload } from '../../src/describe/shapes.ts'
import { findIn } from '../../src/references/find.ts'

const uses = (name: string) => ({ containers: [{ name: 'c', envFrom: [{ configMapRef: { name } }] }] })
const owner = (kind: string, name: string) => [
  { apiVersion: 'v1', kind, name, uid: `${kind}-${name}`, controller: true },
]
const wanted = { kind: 'ConfigMap', group: '', name: 'new', object: undefined }
const deployment: Workload = {
  metadata: { name: 'web', namespace: 'n' },
  spec: { template: { spec: uses('new') } },
}
const podOf = (name: string, hash: string, config: string): Pod => ({
  metadata: {
    name,
    namespace: 'n',
    labels: { 'pod-template-hash': hash },
    ownerReferences: owner('ReplicaSet', `web-${hash}`),
  },
  spec: uses(config),
})

describe('findIn', () => {
  it('folds pods into their Deployment when its template says the same', () => {
    const around = {
      deployments: [deployment],
      pods: [podOf('web-a-1', 'a', 'new'), podOf('web-a-2', 'a', 'new')],
    }
    expect(findIn(around, wanted, 'n')).toEqual([
      { kind: 'Deployment', name: 'web', how: 'envFrom', containers: ['c'], detail: 'all keys' },
    ])
  })

  it('says so when only pods of an older revision use it', () => {
    const around = { deployments: [deployment], pods: [podOf('web-o-1', 'o', 'old')] }
    const [row] = findIn(around, { ...wanted, name: 'old' }, 'n')
    expect(row?.detail).toBe('all keys; only in running pods, not in its present template: web-o-1')
  })

  it('does not claim to know the template of a controller it has not read', () => {
    const pod: Pod = {
      metadata: { name: 'p', namespace: 'n', ownerReferences: owner('Rollout', 'canary') },
      spec: uses('new'),
    }
    expect(findIn({ deployments: [], pods: [pod] }, wanted, 'n')).toEqual([
      { kind: 'Rollout', name: 'canary', how: 'envFrom', containers: ['c'], detail: 'all keys; by pods: p' },
    ])
  })

  it('folds Jobs and their pods into the CronJob', () => {
    const job: Workload = {
      metadata: { name: 'nightly-1', namespace: 'n', ownerReferences: owner('CronJob', 'nightly') },
      spec: { template: { spec: uses('new') } },
    }
    const pod: Pod = {
      metadata: { name: 'nightly-1-x', namespace: 'n', ownerReferences: owner('Job', 'nightly-1') },
      spec: uses('new'),
    }
    const cronJob = {
      metadata: { name: 'nightly', namespace: 'n' },
      spec: { jobTemplate: { spec: { template: { spec: uses('new') } } } },
    }
    const rows = findIn({ jobs: [job], pods: [pod], cronJobs: [cronJob] }, wanted, 'n')
    expect(rows.map(({ kind, name }) => `${kind}/${name}`)).toEqual(['CronJob/nightly'])
  })

  it('finds StatefulSet claims by the name they are made with, and no others', () => {
    const set: Workload = {
      metadata: { name: 'db', namespace: 'n' },
      spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
    }
    const find = (name: string) =>
      findIn({ statefulSets: [set] }, { ...wanted, kind: 'PersistentVolumeClaim', name }, 'n')
    expect(find('data-db-0').map(({ how }) => how)).toEqual(['volumeClaimTemplate "data"'])
    expect(find('data-db-x')).toEqual([])
    expect(find('data-dbx-0')).toEqual([])
  })

  it('gives the same rows in the same order whatever the order of the lists', () => {
    const pods = ['b', 'a', 'c'].map(
      (name): Pod => ({ metadata: { name, namespace: 'n' }, spec: uses('new') }),
    )
    expect(findIn({ pods }, wanted, 'n')).toEqual(findIn({ pods: [...pods].reverse() }, wanted, 'n'))
  })
})
