import { describe, expect, it } from 'vitest'
import { isHealthy } from '../src/table/health.ts'

const pod = (status: string, ready: string) => ({ name: 'p', status, ready, restarts: 0, node: 'n' })

describe('health of a printed row', () => {
  const healthy = {
    'running pod': pod('Running', '2/2'),
    'finished pod': pod('Completed', '0/1'),
    deployment: { ready: '3/3', upToDate: 3, available: 3 },
    'deployment scaled to nothing': { ready: '0/0', upToDate: 0, available: 0 },
    statefulset: { ready: '1/1' },
    daemonset: { desired: 3, current: 3, ready: 3, upToDate: 3, available: 3 },
    replicaset: { desired: 0, current: 0, ready: 0 },
    'finished job': { status: 'Complete', completions: '1/1' },
    'running job': { status: 'Running', completions: '0/1' },
    'suspended job': { status: 'Suspended', completions: '0/1' },
    node: { status: 'Ready', roles: '' },
    claim: { status: 'Bound' },
    volume: { status: 'Available' },
    namespace: { status: 'Active' },
    'custom resource': { ready: 'True', status: 'Certificate is up to date' },
    'custom resource with a word of its own': { phase: 'Blue' },
    service: { endpoints: '2/2', selector: 'app=web' },
    'service without selector': { endpoints: '', selector: '' },
    'API service': { available: 'True' },
    'normal event': { type: 'Normal', reason: 'Pulled' },
  }
  for (const [what, row] of Object.entries(healthy)) it(what, () => expect(isHealthy(row)).toBe(true))

  const sick = {
    'pod with a container that is not ready': pod('Running', '1/2'),
    'crashing pod': pod('CrashLoopBackOff', '0/1'),
    'pod with a reason nobody has heard of': pod('FlywheelJammed', '0/1'),
    'pod whose init container fails': pod('Init:Error', '0/1'),
    'deployment that misses replicas': { ready: '2/4', upToDate: 4, available: 2 },
    'rollout that is stuck with all old pods ready': { ready: '3/3', upToDate: 1, available: 3 },
    statefulset: { ready: '0/1' },
    daemonset: { desired: 3, current: 3, ready: 2, upToDate: 3, available: 2 },
    'daemonset under way': { desired: 3, current: 3, ready: 3, upToDate: 1, available: 3 },
    replicaset: { desired: 2, current: 0, ready: 0 },
    'failed job': { status: 'Failed', completions: '0/1' },
    node: { status: 'NotReady', roles: '' },
    'cordoned node': { status: 'Ready,SchedulingDisabled' },
    claim: { status: 'Pending' },
    volume: { status: 'Released' },
    namespace: { status: 'Terminating' },
    'custom resource': { ready: 'False', status: 'Issuing certificate' },
    'custom resource in a bad phase': { phase: 'Degraded' },
    'service whose pods are not ready': { endpoints: '1/2', selector: 'app=web' },
    'service that finds no pod': { endpoints: '0/0', selector: 'app=web' },
    'API service': { available: 'False (MissingEndpoints)' },
    warning: { type: 'Warning', reason: 'BackOff' },
  }
  for (const [what, row] of Object.entries(sick)) it(`not: ${what}`, () => expect(isHealthy(row)).toBe(false))
})
