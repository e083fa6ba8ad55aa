import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SettingError } from '@gatehouse/host'
import { sharedCluster } from '@gatehouse/testing'
import { runToEnd } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { createServer } from '../src/server.ts'
import { type Agent, main, startAgent } from './harness.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'agent-fields-'))
const shipped = readFileSync(new URL('../static/fields.yaml', import.meta.url), 'utf8')
const file = (name: string, text: string | Buffer) => {
  const target = path.join(folder, name.replaceAll(/[^a-z0-9]+/gi, '-'))
  writeFileSync(target, text)
  return target
}
afterAll(() => rmSync(folder, { recursive: true }))

describe('on a cluster', () => {
  let agent: Agent
  let namespace: string
  let get: (agent: Agent, kind: string, name: string) => ReturnType<Agent['call']>

  beforeAll(async () => {
    const cluster = await sharedCluster()
    namespace = await cluster.freshNamespace('fields')
    const container =
      '{ name: app, image: i, env: [{ name: HARMLESS, value: visible-value }, { name: REF, valueFrom: { fieldRef: { fieldPath: metadata.name } } }] }'
    const template = `{ metadata: { labels: { a: b } }, spec: { containers: [${container}], initContainers: [${container.replace('app', 'init')}] } }`
    await cluster.apply(
      [
        `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: ${namespace} }\nspec: { replicas: 0, selector: { matchLabels: { a: b } }, template: ${template} }`,
        `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: web, namespace: ${namespace} }\nspec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template: ${template.replace('spec: {', 'spec: { restartPolicy: Never,')} } } }`,
        `apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: ${namespace} }\nspec: { containers: [${container}] }`,
        `apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: ${namespace} }\nspec: { ports: [{ port: 80 }] }`,
      ].join('\n---\n'),
    )
    agent = await startAgent(cluster.kubeconfig)
    get = (by, kind, name) => by.call('k8s_get', { kind, name, namespace })
  })
  afterAll(() => agent?.[Symbol.asyncDispose]())

  it.each(['Pod', 'Deployment', 'CronJob'])(
    'values of the environment of a %s are never shown, however harmless',
    async (kind) => {
      const { whole, data } = await get(agent, kind, 'web')
      expect(whole).toContain('HARMLESS')
      expect(whole).toContain('metadata.name')
      expect(whole).not.toContain('visible-value')
      expect(data.hidden).toContainEqual(expect.stringMatching(/containers\[\]\.env\[\]\.value$/))
    },
  )

  it('a kind that is not in the list shows metadata and status only, and says what it hides', async () => {
    const own = file('unknown', shipped.replace(/^ {2}Service: .*$/m, ''))
    await using other = await startAgent((await sharedCluster()).kubeconfig, {
      env: { AGENT_FIELDS_FILE: own },
    })
    const { data } = await get(other, 'Service', 'web')
    expect(
      Object.keys(data.object).filter((key) => !['apiVersion', 'kind', 'metadata', 'status'].includes(key)),
    ).toEqual([])
    expect(data.hidden).toEqual(['spec'])
    expect((await get(agent, 'Service', 'web')).data.object.spec.ports[0].port).toBe(80)
  })

  it('a list of one`s own is what holds', async () => {
    const own = file(
      'own',
      'always: [metadata.name]\nunknown: []\nkinds:\n  Pod: ["spec.containers[].image"]\n',
    )
    await using other = await startAgent((await sharedCluster()).kubeconfig, {
      env: { AGENT_FIELDS_FILE: own },
    })
    expect((await get(other, 'Pod', 'web')).data.object).toEqual({
      metadata: { name: 'web' },
      spec: { containers: [{ image: 'i' }] },
    })
    expect((await get(other, 'Service', 'web')).data.object).toEqual({ metadata: { name: 'web' } })
  })

  it('no list opens Secrets or ConfigMaps', async () => {
    const own = file('open', 'always: ["*"]\nunknown: ["*", data, stringData]\nkinds: { Pod: ["*"] }\n')
    await using other = await startAgent((await sharedCluster()).kubeconfig, {
      env: { AGENT_FIELDS_FILE: own },
    })
    for (const kind of ['Secret', 'ConfigMap'])
      expect((await get(other, kind, 'x')).data.code).toBe('BLOCKED_BY_POLICY')
  })
})

describe('a list that cannot be used stops the start', () => {
  const valid = 'always: [kind]\nunknown: []\n'
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`)}]`).join('\n')}\nalways: *h\n`
  const cases: [string, string | Buffer, RegExp][] = [
    ['empty', '', /the file/],
    ['only a comment', '# nothing\n', /the file/],
    ['not YAML', 'always: [\n', /not YAML/],
    ['tabs', 'always:\n\t- kind\n', /not YAML/],
    ['a text', 'hello', /the file/],
    ['a list', '- a\n', /the file/],
    ['two documents', `${valid}kinds: {}\n---\n${valid}kinds: {}\n`, /not YAML/],
    ['duplicate keys', `${valid}kinds: {}\nkinds: {}\n`, /not YAML.*duplicate/i],
    ['duplicate kinds', `${valid}kinds:\n  Pod: []\n  Pod: [spec]\n`, /not YAML.*duplicate/i],
    ['an alias bomb', bomb, /AGENT_FIELDS_FILE/],
    ['deep', `${'['.repeat(10_000)}`, /not YAML/],
    ['an unknown key', `${valid}kinds: {}\nshow: all\n`, /show/],
    ['no kinds', valid, /kinds/],
    ['kinds of the wrong type', `${valid}kinds: 5\n`, /kinds/],
    ['a path that is none', `${valid}kinds: { Pod: ["spec..x"] }\n`, /kinds\.Pod\.0/],
    ['a path in always', 'always: ["a[0]"]\nunknown: []\nkinds: {}\n', /always\.0/],
    ['a number as a path', `${valid}kinds: { Pod: [5] }\n`, /kinds\.Pod\.0/],
    [
      'a shape that is not there',
      `${valid}kinds: { Pod: [{ at: spec, shape: none }] }\n`,
      /kinds\.Pod.*none/,
    ],
    [
      'a shape by a name of JavaScript',
      `${valid}shapes: {}\nkinds: { Pod: [{ at: spec, shape: constructor }] }\n`,
      /kinds\.Pod/,
    ],
    [
      'more in a shape',
      `${valid}shapes: { s: [a] }\nkinds: { Pod: [{ at: spec, shape: s, more: 1 }] }\n`,
      /kinds\.Pod\.0/,
    ],
    ...['Secret', 'ConfigMap', 'SecretList', 'ConfigMapList'].map((kind): [string, string, RegExp] => [
      kind,
      `${valid}kinds: { ${kind}: [data] }\n`,
      /Secrets and ConfigMaps are never shown/,
    ]),
    ['a kind that is no name', `${valid}kinds: { "pods/log": [x] }\n`, /kinds\.pods\/log/],
    ['a name over two lines', `${valid}kinds: { "a\\nb": [x] }\n"x\\ny\\e[31m": 1\n`, /AGENT_FIELDS_FILE/],
    ['code', `${valid}kinds: !!js/function 'function(){}'\n`, /not YAML/],
    ['binary', Buffer.from([0, 1, 2, 255, 254, 0, 10, 0x80]), /AGENT_FIELDS_FILE/],
    ['too large', `${valid}kinds: {}\n#${'x'.repeat(10 * 1024 * 1024)}`, /larger than 256 kB/],
  ]

  const start = (AGENT_FIELDS_FILE: string) => runToEnd({ main, env: { AGENT_FIELDS_FILE } })
  const check = ({ code, stdout, stderr }: Awaited<ReturnType<typeof start>>, message: RegExp) => {
    const [line = '', ...rest] = stderr.trimEnd().split('\n')
    expect(line).toMatch(/^AGENT_FIELDS_FILE: /)
    expect(line).toMatch(message)
    expect(rest).toEqual(['See --help for the settings.'])
    expect([code, stdout]).toEqual([2, ''])
  }

  it.each(cases)('%s', (name, text, message) => {
    const configure = () => createServer(readConfig({ AGENT_FIELDS_FILE: file(`bad-${name}`, text) }).config)
    expect(configure).toThrow(SettingError)
    expect(configure).toThrow(/^AGENT_FIELDS_FILE: [^\p{C}]+$/u)
    expect(configure).toThrow(message)
  })

  it.each(cases.filter(([name]) => /^(empty|duplicate keys|a name over|binary|Secret)$/.test(name)))(
    '%s, in the program',
    async (name, text, message) => check(await start(file(`bad-${name}`, text)), message),
  )

  it('a directory, a device, a pipe, nothing', async () => {
    const pipe = path.join(folder, 'pipe')
    spawnSync('mkfifo', [pipe])
    mkdirSync(path.join(folder, 'dir'))
    check(await start(path.join(folder, 'dir')), /expected a file/)
    check(await start('/dev/zero'), /expected a file/)
    check(await start(pipe), /expected a file/)
    check(await start(path.join(folder, 'absent')), /cannot be read \(ENOENT\)/)
    check(await start(path.join(folder, 'own', 'x')), /cannot be read/)
  })
})

it('what is shipped is valid and names no value of an environment', () => {
  expect(shipped).not.toMatch(/env(\[\])?$/m)
  expect(shipped).not.toMatch(/env\[\]\.value$/m)
})
