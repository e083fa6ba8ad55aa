import { tmpdir } from 'node:os'
import path from 'node:path'
import { sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Body, type Running, start } from '../harness.ts'
import { searchable } from '../reference/responsive.ts'

// What a reader looks for with these words, one of which must be among the first three.
const EXPECTED: [query: string, ...urls: string[]][] = [
  ['maxSurge', '/api/apps/v1/Deployment?field=spec.strategy.rollingUpdate.maxSurge'],
  ['crashloopbackoff', '/docs/crash-loop'],
  ['CrashLoopBackOf', '/docs/crash-loop'],
  ['livenes prob', '/docs/probes', '/api/core/v1/Pod?field=spec.containers.livenessProbe'],
  ['svc', '/api/core/v1/Service'],
  ['scale a deployment', '/#infra.k8s.deployments.scaleDeployment'],
  ['how do I restart a deployment', '/#infra.k8s.deployments.restartDeployment'],
  ['image pull', '/docs/image-pull'],
  ['ErrImagePull', '/docs/image-pull'],
  ['pvc pending', '/docs/persistent-volumes', '/docs/pending-pods'],
  ['hpa', '/api/autoscaling/v2/HorizontalPodAutoscaler'],
  ['hpa', '/docs/autoscaling'],
  ['network policy deny all', '/templates/network-policy-deny-all'],
  ['netpol', '/api/networking.k8s.io/v1/NetworkPolicy'],
  ['why does my pod restart', '/docs/crash-loop'],
  ['oom', '/docs/out-of-memory'],
  ['OOMKilled', '/docs/out-of-memory'],
  ['rollback', '/docs/rollbacks'],
  ['rollback', '/#infra.k8s.deployments.rollbackDeployment'],
  ['helm values', '/docs/helm-values'],
  ['approve', '/docs/how-approval-works'],
  ['readiness', '/api/core/v1/Pod?field=spec.containers.readinessProbe', '/docs/probes'],
  ['drain node', '/docs/node-maintenance'],
  ['pod stuck terminating', '/docs/stuck-deletion'],
  ['environment variable from secret', '/docs/environment-variables'],
  ['cron', '/docs/cronjobs', '/templates/cronjob'],
  ['imagePullPolicy', '/api/core/v1/Pod?field=spec.containers.imagePullPolicy'],
  ['quota', '/api/core/v1/ResourceQuota', '/docs/resources-and-quotas'],
  ['get logs', '/#infra.k8s.pods.getPodLogs'],
  ['exec', '/#infra.k8s.pods.execInPod'],
  ['deploymnet', '/templates/deployment', '/api/apps/v1/Deployment'],
  ['forbidden', '/docs/rbac'],
  ['dns', '/docs/dns'],
  ['service has no endpoints', '/docs/service-without-endpoints'],
  ['masked', '/docs/masks'],
  ['statefuls', '/templates/statefulset', '/docs/statefulsets'],
]

const nowhere = path.join(tmpdir(), 'gatehouse-no-such-kubeconfig')
// Readers get the same from whichever of the sources there is.
const SOURCES: [string, () => Promise<Record<string, string>>][] = [
  ['a connected cluster', async () => ({ KUBECONFIG: (await sharedCluster()).kubeconfig })],
  ['what is prepared, if anything is', async () => ({ KUBECONFIG: nowhere })],
  ['the typings', async () => ({ KUBECONFIG: nowhere, K8S_API_VERSION: '0.97.1' })],
]

describe.each(SOURCES)('with %s', (_, settings) => {
  let running: Running
  beforeAll(async () => {
    running = await start(await settings())
    await searchable(running)
  })
  afterAll(() => running[Symbol.asyncDispose]())

  const itemsOf = async (query: string, limit = 3): Promise<Body[]> => {
    const { status, body } = await running.get(`/search?q=${encodeURIComponent(query)}&limit=${limit}`)
    expect(status).toBe(200)
    return body.items
  }

  it.each(EXPECTED)('%s', async (query, ...urls) => {
    const found = (await itemsOf(query)).map((one) =>
      decodeURIComponent(one.url.replace(/^(\/docs\/[^#]*)#.*/, '$1')),
    )
    expect(
      found.some((url) => urls.includes(url)),
      found.join(' '),
    ).toBe(true)
  })

  it.each([
    'deploy.spec.strategy.rollingUpdate',
    'Deployment.spec.strategy.rollingUpdate',
    'deployments.spec.strategy.rollingUpdate',
  ])('a path is the field itself, and first: %s', async (query) => {
    const [first] = await itemsOf(query)
    expect(first.title).toBe('Deployment.spec.strategy.rollingUpdate')
    expect(first.score).toBe(1_000)
  })

  it('marks what was found, and only that', async () => {
    const [first] = await itemsOf('scale a deployment', 1)
    expect(first.fragment).not.toMatch(/[a-z]\*\*a\*\*/)
    const fragments = (await itemsOf('maximum number of pods', 5)).map((one) => one.fragment)
    expect(fragments.join(' ')).toMatch(/ \*\*maximum\*\* /)
  })
})
