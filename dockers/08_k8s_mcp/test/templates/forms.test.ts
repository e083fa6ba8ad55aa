import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillTemplate, type Parameter, type ParameterType, template } from '../../src/templates/index.ts'
import { readValue } from '../../src/templates/read-value.ts'
import { type DryRun, dryRunAgainst } from './dry-run.ts'

let cluster: ClusterHandle
let api: DryRun

beforeAll(async () => {
  cluster = await sharedCluster()
  api = await dryRunAgainst(cluster.kubeconfig, await cluster.freshNamespace('forms'))
})

afterAll(() => cluster.kubectl(['delete', 'namespace', api.namespace, '--wait=false']))

const read = (type: ParameterType, value: unknown) =>
  'value' in readValue({ name: 'p', type, description: 'P' } as Parameter, value)

const GOOD: [ParameterType, string[]][] = [
  ['name', ['a', 'a-b', '0', 'x'.repeat(63), 'yes']],
  ['host', ['a', 'web.example.com', 'xn--bcher-kva.example', '1.2.3', `${'a'.repeat(63)}.b`]],
  [
    'image',
    [
      'nginx',
      'nginx:1.29',
      'a/b/c:v1',
      'registry.example.com:5000/a/b',
      'localhost/a',
      `a@sha256:${'0'.repeat(64)}`,
      'a__b-c.d',
      'a--b',
    ],
  ],
  ['quantity', ['0', '1', '100m', '0.5', '1.5Gi', '1e3', '10E', '3k', '1E+2']],
  ['path', ['/', '/a', '/a/', '/a.b/c_d-e', '/~x/@y', '/..a']],
  ['text', ['a', ' ', 'a\nb', 'a\tb', 'é😀', '\u0085']],
]
const BAD: [ParameterType, unknown[]][] = [
  ['name', ['A', 'a.b', '-a', 'a-', 'a b', 'ä', 'x'.repeat(64), 'a\n', 5]],
  [
    'host',
    [
      'A',
      'a..b',
      '.a',
      'a.',
      '*.a',
      '127.0.0.1',
      '::1',
      'a_b',
      `${'a'.repeat(64)}.b`,
      `${'a.'.repeat(127)}a`,
      'a:80',
    ],
  ],
  [
    'image',
    [
      '',
      'A',
      'nginx:',
      'nginx:a b',
      ':x',
      '/a',
      'a/',
      'a//b',
      'a@b',
      'a@sha256:00',
      'a@b@c',
      '-a',
      'http://a/b',
      'a\n',
      'ä/b',
      'a:x:y',
    ],
  ],
  [
    'quantity',
    [
      '',
      '-1',
      '+1',
      '.5',
      '5.',
      '01',
      '1 Gi',
      '1gi',
      '1Ki2',
      '1e',
      'Gi',
      '1e333',
      '9'.repeat(30),
      '1\n',
      true,
      Number.NaN,
    ],
  ],
  [
    'path',
    [
      '',
      'a',
      '//',
      '/a//b',
      '/a/../b',
      '/..',
      '/.',
      '/a b',
      '/a\nb',
      '/%2e',
      '/a:b',
      '/ä',
      `/${'x'.repeat(512)}`,
    ],
  ],
  ['text', ['a\0', '\x1b[0m', '\x7f', '\x9b', '\ufeff', 'x'.repeat(201), 5]],
]

describe('values', () => {
  it.each(GOOD)('of type %s that are taken', (type, values) => {
    for (const value of values) expect([value, read(type, value)]).toEqual([value, true])
  })

  it.each(BAD)('of type %s that are not', (type, values) => {
    for (const value of values) expect([value, read(type, value)]).toEqual([value, false])
  })
})

describe('what is taken is taken by the API server too', () => {
  const dryRun = async (name: string, values: Record<string, unknown>) => {
    const [object] = fillTemplate(await template(name), values)
    const { status, body } = await api.apply(object ?? {})
    return status === 201 ? true : body.message
  }

  it.each([
    ['name', 'config-map', 'name'],
    ['host', 'ingress', 'host'],
    ['path', 'ingress', 'path'],
    ['image', 'pod', 'image'],
  ] as const)('%s: in %s', async (type, name, parameter) => {
    for (const value of GOOD.find(([one]) => one === type)?.[1] ?? []) {
      expect([value, await dryRun(name, { [parameter]: value })]).toEqual([value, true])
    }
  })

  it('quantity: in a quota', async () => {
    for (const value of ['0', '1', '100m', '0.5', '1.5Gi', '1e3', '3k']) {
      expect([value, await dryRun('resource-quota', { cpu: value })]).toEqual([value, true])
    }
  })

  const SCHEDULES = [
    ...[
      '* * * * *',
      '0 3 * * *',
      '*/5 * * * *',
      '0-30/10 1,2,3 1 jan-MAR SUN',
      '? ? ? ? ?',
      '5/15 * * * *',
      '59 23 31 12 6',
    ],
    ...['@daily', '@hourly', '@midnight', '@weekly', '@monthly', '@yearly', '@annually'],
    ...['0 0 1-7 * mon', '00 03 * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 13 *'],
    ...['* * * * 7', '* * * 0 *', '*/0 * * * *', '30-10 * * * *', '* * * *', '* * * * * *', ''],
    ...['a * * * *', '-1 * * * *', '1- * * * *', '@often', '@Daily', '* * * foo *', '1/2/3 * * * *'],
    ...['* * L * *', '* * * * 1#2', '1.5 * * * *', '0x1 * * * *'],
  ]
  it.each(['1,,2 * * * *', '*-5 * * * *', '+1 * * * *', '@every 1h'])(
    'schedule %j is too sloppy, though the API server would take it',
    (schedule) => {
      expect(read('schedule', schedule)).toBe(false)
    },
  )

  it.each(SCHEDULES)('schedule %j: the same verdict', async (schedule) => {
    const [object] = fillTemplate(await template('cronjob'), {})
    const spec = { ...(object?.spec as object), schedule }
    const { status } = await api.apply({ ...object, spec })
    expect([schedule, read('schedule', schedule)]).toEqual([schedule, status === 201])
  })
})
