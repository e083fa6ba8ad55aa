import { describe, expect, it } from 'vitest'
import { containerFindings } from '../../src/describe/container-findings.ts'
import type { Container, ContainerStatus, KubeEvent } from '../../src/describe/shapes.ts'

const now = Date.parse('2026-11-21T10:00:00Z')
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString()
const container: Container = {
  name: 'app',
  image: 'reg.example/app:1',
  ports: [{ name: 'http', containerPort: 8080 }],
  resources: { limits: { memory: '64Mi' } },
}
const event = (reason: string, message: string, seconds = 5): KubeEvent => ({
  metadata: { name: 'e' },
  type: 'Warning',
  reason,
  message,
  count: 3,
  lastTimestamp: ago(seconds),
  involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{app}' },
})
const find = (status: Partial<ContainerStatus>, events: KubeEvent[] = [], spec = {}, one = container) =>
  containerFindings(one, { name: 'app', ...status }, { restartPolicy: 'Always', ...spec }, events, now)
const waiting = (reason: string, message = '') => ({ ready: false, state: { waiting: { reason, message } } })

// Messages as kubelet 1.36 with containerd writes them.
describe('image trouble', () => {
  it.each([
    [
      'ErrImagePull',
      'failed to resolve reference "x": not found',
      'does not exist in the registry: check its name and tag',
    ],
    [
      'ImagePullBackOff',
      'unexpected status code: 401 Unauthorized',
      'the registry refuses access (imagePullSecrets: none)',
    ],
    [
      'ErrImagePull',
      'dial tcp 10.0.0.1:443: connect: connection refused',
      'the node does not reach the registry',
    ],
    ['InvalidImageName', "couldn't parse image name", 'is not a valid image reference'],
    ['ErrImageNeverPull', '', 'imagePullPolicy is Never'],
  ])('%s: %s', (reason, message, expected) => {
    const [finding, ...more] = find(waiting(reason, message))
    expect(finding).toContain('Container "app" cannot start: image "reg.example/app:1"')
    expect(finding).toContain(expected)
    expect(more).toEqual([])
  })

  it('takes the reason from the event when the back-off says nothing', () => {
    const [finding] = find(waiting('ImagePullBackOff', 'Back-off pulling image'), [
      event('Failed', 'pull access denied'),
    ])
    expect(finding).toContain('refuses access')
  })

  it('names the pull secrets that were tried', () => {
    const [finding] = find(waiting('ErrImagePull', '403 Forbidden'), [], {
      imagePullSecrets: [{ name: 'reg' }],
    })
    expect(finding).toContain('(imagePullSecrets: reg)')
  })
})

describe('crashes', () => {
  it('are seen during the back-off although the state is terminated, not CrashLoopBackOff', () => {
    const terminated = { exitCode: 1, reason: 'Error', finishedAt: ago(20), message: 'no such table' }
    expect(find({ ready: false, restartCount: 4, state: { terminated } })).toEqual([
      'Container "app" crashes: Error, exit 1 (4 restarts, last end 20s ago); its last message: no such table; see getPodLogs with previous: true',
    ])
  })

  it('say the limit when memory ran out', () => {
    const lastState = { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: ago(10) } }
    expect(find({ ...waiting('CrashLoopBackOff'), restartCount: 1, lastState })[0]).toMatch(
      /more than its memory limit of 64Mi \(OOMKilled, exit 137, 1 restart, last end 10s ago\)/,
    )
  })

  it('name the liveness probe that kills', () => {
    const lastState = { terminated: { exitCode: 0, reason: 'Completed', finishedAt: ago(10) } }
    const events = [event('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500')]
    expect(find({ ready: true, restartCount: 2, state: { running: {} }, lastState }, events)[0]).toContain(
      'is restarted because its liveness probe fails (2 restarts, last end 10s ago), now ready again: Liveness probe failed: HTTP probe failed with statuscode: 500',
    )
  })

  it('explain exit 0 in a pod that should keep running', () => {
    const lastState = { terminated: { exitCode: 0, reason: 'Completed', finishedAt: ago(10) } }
    expect(find({ ...waiting('CrashLoopBackOff'), restartCount: 3, lastState })[0]).toContain(
      'ends by itself with exit 0',
    )
  })

  it('are history when the container has been ready for more than an hour', () => {
    const lastState = { terminated: { exitCode: 1, reason: 'Error', finishedAt: ago(7200) } }
    expect(find({ ready: true, restartCount: 1, state: { running: {} }, lastState })).toEqual([])
  })

  it('are none when a Job has done its work', () => {
    const state = { terminated: { exitCode: 0, reason: 'Completed', finishedAt: ago(5) } }
    expect(find({ ready: false, state }, [], { restartPolicy: 'Never' })).toEqual([])
  })

  it('mean a missing command where the runtime could not start it', () => {
    const state = { terminated: { exitCode: 128, reason: 'StartError', message: 'exec: "run": not found' } }
    expect(find({ ready: false, restartCount: 1, state })[0]).toContain('exit 128 (command not found)')
  })
})

describe('not ready', () => {
  it('counts the failing readiness probe and points at its port', () => {
    const wrong: Container = { ...container, readinessProbe: { httpGet: { port: 8081 } } }
    const [finding] = find(
      { ready: false, state: { running: {} } },
      [event('Unhealthy', 'Readiness probe failed: refused')],
      {},
      wrong,
    )
    expect(finding).toBe(
      'Container "app" runs but is not ready: Readiness probe failed: refused; its readinessProbe asks port 8081, but the container declares only 8080 (http) (3 times, last 5s ago)',
    )
  })

  it('reports a configuration error in the words of the kubelet', () => {
    expect(find(waiting('CreateContainerConfigError', 'configmap "x" not found'))).toEqual([
      'Container "app" cannot start (CreateContainerConfigError): configmap "x" not found',
    ])
  })

  it('says nothing while a container is only being created', () => {
    expect(find(waiting('ContainerCreating'))).toEqual([])
  })
})
