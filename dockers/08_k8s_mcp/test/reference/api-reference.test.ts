import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type Preparation, prepare } from '../../../../scripts/api-reference/prepare.ts'
import { preparedSource } from '../../src/reference/sources/prepared.ts'
import { moduleProxy } from './module-proxy.ts'
import { moduleZip, zipOf } from './module-zip.ts'

const RUN = fileURLToPath(new URL('../../../../scripts/run.mjs', import.meta.url))
const FILES = { list: 'v1.36.1\nv1.36.2\nv1.37.0-rc.1\nv1.35.9\n', 'v1.36.2.zip': moduleZip('1.36.2') }

const root = await mkdtemp(join(tmpdir(), 'gatehouse-api-reference-test-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let folder: string
let log: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'static-'))
  log = []
})

/** With a module cache of its own, so that what this machine has does not count. */
const prepareWith = (GOPROXY: string, asked = '1.36.2', more: Partial<Preparation> = {}) =>
  prepare({
    asked,
    folder,
    log: (line) => void log.push(line),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, GOMODCACHE: join(root, 'cache'), GOPROXY },
    ...more,
  })

describe('from a module proxy', () => {
  it('takes schemas and nothing else, and leaves nothing else behind', async () => {
    await using proxy = await moduleProxy(FILES)
    const { version, written } = await prepareWith(proxy.url)
    expect([version, written?.documents]).toEqual(['1.36.2', 1])
    expect(await readdir(folder)).toEqual(['1.36.2'])
    expect((await readdir(join(folder, '1.36.2'))).sort()).toEqual(['apis__apps__v1.json', 'index.json'])
    expect(await readFile(join(folder, '1.36.2', 'apis__apps__v1.json'), 'utf8')).toBe(
      '{"io.k8s.api.apps.v1.Widget":{"description":"A Widget.","type":"object","x-kubernetes-group-version-kind":' +
        '[{"group":"apps","version":"v1","kind":"Widget"}],"properties":{"type":{"type":"string","default":""}}}}',
    )
    expect(await (await preparedSource('1.36', folder)).groupVersions()).toEqual(['apps/v1'])
    // The exact version is asked for directly.
    expect(proxy.requests.map((one) => one.url)).toEqual(['/k8s.io/kubernetes/@v/v1.36.2.zip'])
  })

  it.each(['1.36', 'v1.36', 'latest'])(
    'finds what %s means, and never a release candidate',
    async (asked) => {
      await using proxy = await moduleProxy(FILES)
      expect((await prepareWith(proxy.url, asked)).version).toBe('1.36.2')
    },
  )

  it('does it once, and again only when told to', async () => {
    await using proxy = await moduleProxy(FILES)
    await prepareWith(proxy.url)
    expect((await prepareWith(proxy.url)).written).toBeUndefined()
    expect(proxy.requests).toHaveLength(1)
    await using changed = await moduleProxy({ 'v1.36.2.zip': moduleZip('1.36.2', 'Changed.') })
    expect((await prepareWith(changed.url, '1.36.2', { force: true })).written?.documents).toBe(1)
    expect(await readFile(join(folder, '1.36.2', 'apis__apps__v1.json'), 'utf8')).toContain('Changed.')
    expect(await readdir(folder)).toEqual(['1.36.2'])
  })

  it('mends a folder that is not whole', async () => {
    await mkdir(join(folder, '1.36.2'))
    await writeFile(join(folder, '1.36.2', 'index.json'), '{"vers')
    await using proxy = await moduleProxy(FILES)
    expect((await prepareWith(proxy.url)).written?.documents).toBe(1)
  })

  it('keeps what was there when a new one fails', async () => {
    await using proxy = await moduleProxy(FILES)
    await prepareWith(proxy.url)
    await using broken = await moduleProxy({ 'v1.36.2.zip': moduleZip('1.36.2').subarray(0, 900) })
    await expect(prepareWith(broken.url, '1.36.2', { force: true })).rejects.toThrow(/cannot be read/)
    expect(await readdir(folder)).toEqual(['1.36.2'])
    expect((await preparedSource('1.36.2', folder)).version).toBe('1.36.2')
  })

  it('notices a damaged file', async () => {
    const zip = moduleZip('1.36.2')
    zip[zip.indexOf('A Widget.')] = 66
    await using proxy = await moduleProxy({ 'v1.36.2.zip': zip })
    await expect(prepareWith(proxy.url)).rejects.toThrow(/damaged: .*apps__v1/)
    expect(await readdir(folder)).toEqual([])
  })

  it('names the nearest of versions that are not there, whatever the proxy says to those', async () => {
    for (const status of [404, 410, 403]) {
      await using proxy = await moduleProxy(FILES, status)
      await expect(prepareWith(proxy.url, '1.36.7')).rejects.toThrow(
        'no Kubernetes 1.36.7; there are 1.36.2, 1.36.1',
      )
    }
    await using nothing = await moduleProxy({})
    await expect(prepareWith(nothing.url, '1.36.7')).rejects.toThrow('No module proxy has Kubernetes 1.36.7')
    await using proxy = await moduleProxy(FILES)
    await expect(prepareWith(proxy.url, '1.40')).rejects.toThrow(
      'no Kubernetes 1.40; there are 1.36.2, 1.36.1, 1.35.9',
    )
    for (const asked of ['newest', '1', '../1.36.2', '1.36.2-rc.1', '1.36.2/../x']) {
      await expect(prepareWith(proxy.url, asked)).rejects.toThrow('is not a version')
    }
  })

  it('says that a version is too old to have documents', async () => {
    const zip = zipOf({ 'k8s.io/kubernetes@v1.18.0/go.mod': 'module k8s.io/kubernetes' })
    await using proxy = await moduleProxy({ 'v1.18.0.zip': zip })
    await expect(prepareWith(proxy.url, '1.18.0')).rejects.toThrow(/carries no OpenAPI v3 documents/)
    expect(await readdir(folder)).toEqual([])
  })

  it('stops when told to and leaves nothing half-written', async () => {
    await using proxy = await moduleProxy(FILES)
    const stop = new AbortController()
    const stopping = prepareWith(proxy.url, '1.36.2', { signal: stop.signal, log: () => stop.abort() })
    await expect(stopping).rejects.toThrow(/abort/i)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('GOPROXY', () => {
  const UNREACHABLE = 'http://127.0.0.1:1'

  it('goes on after a comma where the module is not there, and after a bar whatever happened', async () => {
    await using empty = await moduleProxy({})
    await using failing = await moduleProxy({}, 500)
    await using proxy = await moduleProxy(FILES)
    for (const chain of [
      `${empty.url},${proxy.url}`,
      `${failing.url}|${proxy.url}`,
      `${UNREACHABLE}|${proxy.url},direct`,
    ]) {
      expect((await prepareWith(chain, '1.36.2', { force: true })).version).toBe('1.36.2')
    }
    await expect(prepareWith(`${failing.url},${proxy.url}`, '1.36.2', { force: true })).rejects.toThrow(
      /answered 500/,
    )
  })

  it('"off" and "direct" say what they mean here', async () => {
    await expect(prepareWith('off')).rejects.toThrow(/GOPROXY is "off"/)
    await expect(prepareWith('direct')).rejects.toThrow(/name a proxy/)
    await expect(prepareWith('nonsense')).rejects.toThrow(/GOPROXY has an entry/)
  })

  it('that cannot be reached says so', async () => {
    await expect(prepareWith('http://127.0.0.1:2')).rejects.toThrow(/127\.0\.0\.1:2 cannot be reached/)
    await expect(prepareWith('http://gatehouse.invalid', 'latest')).rejects.toThrow(
      /gatehouse\.invalid cannot be reached/,
    )
  })

  it('sends credentials as a header and never shows them', async () => {
    await using proxy = await moduleProxy(FILES)
    const secret = proxy.url.replace('//', '//reader:p%40ss@')
    await prepareWith(secret)
    expect(proxy.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('reader:p@ss').toString('base64')}`,
    )
    await using failing = await moduleProxy({}, 500)
    const error = await prepareWith(failing.url.replace('//', '//reader:p%40ss@'), '1.36.1').catch(String)
    expect(`${String(error)}${log.join()}`).not.toMatch(/p%40ss|p@ss/)
  })

  it('may be a folder', async () => {
    const place = join(root, 'as-proxy')
    await mkdir(join(place, 'k8s.io/kubernetes/@v'), { recursive: true })
    for (const [name, data] of Object.entries(FILES))
      await writeFile(join(place, 'k8s.io/kubernetes/@v', name), data)
    expect((await prepareWith(`file://${place}`, '1.36')).version).toBe('1.36.2')
  })
})

describe("Go's module cache", () => {
  it('is used before any proxy, zipped or unpacked, and answers for 1.36 when the proxy does not', async () => {
    const cache = join(root, 'filled')
    const zips = join(cache, 'cache/download/k8s.io/kubernetes/@v')
    await mkdir(zips, { recursive: true })
    await writeFile(join(zips, 'v1.36.2.zip'), moduleZip('1.36.2'))
    const unpacked = join(cache, 'k8s.io/kubernetes@v1.35.1/api/openapi-spec/v3')
    await mkdir(unpacked, { recursive: true })
    await writeFile(
      join(unpacked, 'api__v1_openapi.json'),
      '{"components":{"schemas":{"a":{"type":"object"}}}}',
    )
    const env = { PATH: process.env.PATH, GOMODCACHE: cache, GOPROXY: 'off' }
    expect((await prepareWith('', '1.36', { env })).version).toBe('1.36.2')
    expect((await prepareWith('', 'v1.35.1', { env })).written?.documents).toBe(1)
    expect((await prepareWith('', 'latest', { env, force: true })).version).toBe('1.36.2')
    expect(log.join('\n')).toMatch(/from the Go module cache/)
    await expect(prepareWith('', '1.34', { env })).rejects.toThrow(
      'no Kubernetes 1.34; there are 1.36.2, 1.35.1',
    )
  })
})

describe('npm run api-reference', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [RUN, 'api-reference', ...args], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        GOMODCACHE: join(root, 'cache'),
        GOPROXY: 'off',
      },
    })

  it('explains itself', () => {
    const { status, stdout } = run('--help')
    expect([status, stdout]).toEqual([0, expect.stringContaining('--force')])
  })

  it('fails with one message and no stack', () => {
    const { status, stderr } = run('1.2.3')
    expect(status).toBe(1)
    expect(stderr).toContain('GOPROXY is "off"')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(run('--nonsense').status).toBe(1)
  })

  it('lists what is prepared and what could be, offline too', () => {
    const { status, stdout } = run('--list')
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/prepared .*\nin Go's cache +none\nat the proxy +none/),
    ])
  })
})
