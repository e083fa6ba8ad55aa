import { Clusters } from '@gatehouse/kubernetes'
import { type Operation, planOperations, stalenessOf } from '@gatehouse/operations'
import { createMetrics } from '@gatehouse/telemetry'
import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { type Browser, startChromium } from '@gatehouse/testing/chromium'
import { openWindow } from '@gatehouse/testing/window'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sanitizer } from '../harness.ts'
import { type Site, startSite } from '../http/site.ts'
import { Visitor } from '../http/visitor.ts'
import { login } from './login.ts'

// What the real planner makes of a real cluster, as the pages show it.
let cluster: ClusterHandle
let clusters: Clusters
let namespace: string
let site: Site
let browser: Browser
let visitor: Visitor

const PASSWORD = 'correct-horse-battery-staple-9'
const long = `first line\n${'x'.repeat(500)}\nlast line <b>bold</b> pay\u202eexe`

beforeAll(async () => {
  cluster = await sharedCluster()
  namespace = await cluster.freshNamespace('pages')
  clusters = new Clusters({ kubeconfig: cluster.kubeconfig, sanitizer, metrics: createMetrics() })
  const labels = { app: 'web' }
  const env = [{ name: 'DB_PASSWORD', value: PASSWORD }]
  const web = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'nginx:1.27', env }] } },
    },
  }
  const flags = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'flags', namespace },
    data: { note: 'short' },
  }
  await cluster.apply([web, flags].map((object) => JSON.stringify(object)).join('\n---\n'))
  await cluster.kubectl(['rollout', 'status', 'deploy/web', '-n', namespace, '--timeout=60s'])
  site = await startSite({
    staleEveryMs: 100,
    isStale: ({ plan }, signal) => stalenessOf(plan.operations, clusters, signal),
  })
  browser = await startChromium()
  visitor = new Visitor(site)
  await visitor.login(site.tokens.alice)
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await clusters?.close()
})

const target = (kind: string, name: string) => ({ kind, name, namespace })
const asked = async (operation: Operation) => {
  const operations = await planOperations([operation], { clusters })
  return site.request({}, { operations })
}

describe('real plans', () => {
  it.each<[string, () => Operation, string[]]>([
    [
      'scale',
      () => ({ type: 'scale', target: target('deployment', 'web'), replicas: 3 }),
      ['spec.replicas', '>2<', '>3<'],
    ],
    ['restart', () => ({ type: 'restart', target: target('deployment', 'web') }), ['restartedAt']],
    [
      'delete',
      () => ({ type: 'delete', target: target('configmap', 'flags') }),
      ['<code>flags</code> to approve'],
    ],
    [
      'a long value, whole and with what cannot be seen',
      () => ({
        type: 'patch',
        target: target('configmap', 'flags'),
        patchType: 'merge',
        patch: { data: { note: long } },
      }),
      ['x'.repeat(500), 'last line &lt;b&gt;bold', 'U+202E'],
    ],
    [
      'a secret only as one that may change',
      () => ({
        type: 'patch',
        target: target('deployment', 'web'),
        patchType: 'strategic',
        patch: {
          spec: {
            template: {
              spec: {
                containers: [{ name: 'main', env: [{ name: 'DB_PASSWORD', value: `${PASSWORD}-new` }] }],
              },
            },
          },
        },
      }),
      ['DB_PASSWORD', 'is not shown'],
    ],
  ])('%s', async (_what, operation, words) => {
    const { requestId } = await asked(operation())
    const { text } = await visitor.get(`/requests/${requestId}`)
    for (const word of words) expect(text).toContain(word)
    expect(text).toContain('Approve and run')
    expect(text).not.toContain('horse')
    const view = await (await site.get(`/api/approvals/${requestId}`, site.tokens.alice)).text()
    expect(JSON.parse(view)).toMatchObject({ approvable: true })
    expect(view).not.toContain('horse')
  })

  it('an object that changes while its page is open takes the buttons away', async () => {
    const { requestId } = await asked({ type: 'scale', target: target('deployment', 'web'), replicas: 5 })
    const window = await openWindow(browser, site)
    await login(window.page, site)
    await window.page.goto(`${site.url}/requests/${requestId}`)
    expect(await window.page.isVisible('#approve')).toBe(true)
    await cluster.kubectl(['scale', 'deploy/web', '-n', namespace, '--replicas=4'])
    await window.page.waitForSelector('text=/Stale: .*replicas/')
    await window.page.waitForSelector('#approve', { state: 'detached' })
    expect(window.complaints).toEqual([])
    await window.close()
  })
})
