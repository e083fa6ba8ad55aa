import { mkdirSync } from 'node:fs'
import { type ClusterHandle, eventually, sharedCluster } from '@gatehouse/testing'
import { type Browser, startChromium } from '@gatehouse/testing/chromium'
import { ask, expectCareful, openWindow } from '@gatehouse/testing/window'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Running, start } from '../harness.ts'

const SCREENS = process.env.GATEHOUSE_SCREENS
const GROUP = 'look.gatehouse.test'
const ATTACKS = [
  '<script>globalThis.hit=1</script>',
  '"><img src=x onerror=globalThis.hit=1>',
  '</dd></dl></main><style>*{display:none}</style>',
  '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<base href="https://evil.example/"><form action="https://evil.example/"><button>Approve',
  '[click](javascript:globalThis.hit=1) `code` **bold**',
  'pay\u202eload.exe sh\u200bop ѕhop z\u0300\u0301\u0302\u0303\u0304\u0305',
  'x'.repeat(5_000),
].join('\n')

let cluster: ClusterHandle
let server: Running
let browser: Browser
beforeAll(async () => {
  cluster = await sharedCluster()
  const text = { type: 'string', description: ATTACKS }
  const spec = {
    type: 'object',
    description: ATTACKS,
    required: ['size'],
    properties: {
      size: { ...text, default: ATTACKS, enum: [ATTACKS, 'small'] },
      ['long-name-without-any-place-to-break-it-'.repeat(6)]: text,
      nested: {
        type: 'object',
        description: ATTACKS,
        properties: { deep: { ...text, pattern: '^<b>.*</b>$' } },
      },
    },
  }
  const schema = { openAPIV3Schema: { type: 'object', description: ATTACKS, properties: { spec } } }
  await cluster.apply(
    JSON.stringify({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `hostiles.${GROUP}` },
      spec: {
        group: GROUP,
        scope: 'Namespaced',
        names: { kind: 'Hostile', plural: 'hostiles', singular: 'hostile' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    }),
  )
  server = await start({ KUBECONFIG: cluster.kubeconfig })
  await eventually('the kind is published', async () => {
    const { status } = await server.get(`/api/${GROUP}/v1/Hostile?field=spec.size`)
    return status === 200
  })
  browser = await startChromium()
})
afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  await cluster?.kubectl(['delete', 'crd', `hostiles.${GROUP}`, '--ignore-not-found'])
})

it.each([
  [1280, 'light'],
  [390, 'dark'],
] as const)(
  'what a cluster describes itself with is text and nothing else, at %i px',
  async (width, colorScheme) => {
    const phone = width === 390
    const window = await openWindow(browser, server, {
      viewport: { width, height: 900 },
      colorScheme,
      isMobile: phone,
      hasTouch: phone,
    })
    const { page } = window
    for (const path of ['', '?field=spec', '?field=spec.size', '?field=spec.nested']) {
      const response = await page.goto(`${server.url}/api/${GROUP}/v1/Hostile${path}`)
      expect(response?.status(), path).toBe(200)
      expect(await page.evaluate('globalThis.hit'), path).toBeUndefined()
      expect(await page.isVisible('text=onerror=globalThis.hit=1'), path).toBe(true)
      expect(await ask(page, 'foreign'), path).toEqual([])
      expect(await ask(page, 'structure'), path).toEqual([])
      if (phone) expect(await ask(page, 'smallTargets'), path).toEqual([])
      await expectCareful(window)
      expect(page.url()).toBe(`${server.url}/api/${GROUP}/v1/Hostile${path}`)
      if (SCREENS) {
        mkdirSync(SCREENS, { recursive: true })
        const name = path.replaceAll(/\W+/g, '-')
        await page.screenshot({
          path: `${SCREENS}/hostile${name}-${width}-${colorScheme}.png`,
          fullPage: true,
        })
      }
    }
    await window.close()
  },
)
