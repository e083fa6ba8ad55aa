import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { prepare } from '../../../../scripts/api-reference/prepare.ts'
import { trimDocument } from '../../../../scripts/api-reference/trim.ts'
import { VERSIONS } from '../../../../shared/testing/src/cluster/binaries.ts'
import { preparedSource, preparedVersions } from '../../src/reference/sources/prepared.ts'
import { fileOf, groupVersionOf } from '../../src/reference/sources/prepared-files.ts'
import { publishedDocument, publishedGroupVersions } from './cluster-documents.ts'

const version = VERSIONS.kubernetes.slice(1)
let folder: string
/** Why there is no module to prepare from. Anything but a missing network is a failure. */
let offline: string | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-prepared-'))
  try {
    await prepare({ asked: version, folder, log: () => {} })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (!/cannot be reached|broke off|GOPROXY|answered \d+/.test(reason)) throw error
    offline = `The Kubernetes module is neither in the Go module cache nor to be had: ${reason}`
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const needsModule = ({ skip }: TestContext): void => skip(offline !== undefined, offline)

describe('documents out of the Kubernetes module', () => {
  it('are those that the cluster of the same version publishes, enums and defaults included', async (context) => {
    needsModule(context)
    const source = await preparedSource(version, folder)
    const published = await publishedGroupVersions()
    const both = (await source.groupVersions()).filter((one) => published.includes(one))
    expect(both.length).toBeGreaterThan(20)
    for (const groupVersion of both) {
      const prepared = await source.schemas(groupVersion)
      expect(prepared, groupVersion).toEqual(trimDocument(await publishedDocument(groupVersion)))
    }
  })

  it('have what only they have: values and defaults', async (context) => {
    needsModule(context)
    const schemas = await (await preparedSource(version, folder)).schemas('v1')
    const port = schemas['io.k8s.api.core.v1.ServicePort']?.properties?.protocol
    expect(port).toMatchObject({ default: 'TCP', enum: ['SCTP', 'TCP', 'UDP'] })
    const pvc = schemas['io.k8s.api.core.v1.PersistentVolumeClaimSpec']?.properties?.accessModes
    expect(pvc?.items?.enum).toContain('ReadWriteOnce')
  })

  it('are known by the version, by the minor version, and with a v', async (context) => {
    needsModule(context)
    const minor = version.replace(/\.\d+$/, '')
    for (const asked of [version, `v${version}`, minor, `v${minor}`]) {
      expect(await preparedSource(asked, folder)).toMatchObject({ origin: 'prepared', version })
    }
    expect(await preparedVersions(folder)).toEqual([version])
    expect(await readdir(folder)).toEqual([version])
  })

  it('of an unknown group version are refused with those that there are', async (context) => {
    needsModule(context)
    const source = await preparedSource(version, folder)
    for (const asked of ['apps/v9', '__proto__', `../${version}/index`, 'apis__apps/v1', '']) {
      await expect(source.schemas(asked)).rejects.toMatchObject({ code: 'NOT_FOUND', hint: /apps\/v1/ })
    }
  })
})

describe('a folder of prepared versions', () => {
  const made = async (files: Record<string, string>): Promise<string> => {
    const place = await mkdtemp(join(folder, 'made-'))
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(place, name, '..'), { recursive: true })
      await writeFile(join(place, name), text)
    }
    return place
  }
  const index = (of: string, groupVersions: unknown = ['apps/v1']): string =>
    JSON.stringify({ version: of, prepared: '2026-01-01T00:00:00Z', groupVersions })

  it('that is not there has no versions and says how to get one', async () => {
    const nowhere = join(folder, 'nowhere')
    expect(await preparedVersions(nowhere)).toEqual([])
    await expect(preparedSource('1.36', nowhere)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('npm run api-reference'),
    })
  })

  it('lists the newest first and takes the newest that fits', async () => {
    const all = ['1.9.11', '1.36.10', '1.36.9', '1.36.2', '2.0.0']
    const place = await made(Object.fromEntries(all.map((one) => [`${one}/index.json`, index(one)])))
    expect(await preparedVersions(place)).toEqual(['2.0.0', '1.36.10', '1.36.9', '1.36.2', '1.9.11'])
    expect((await preparedSource('1.36', place)).version).toBe('1.36.10')
    expect((await preparedSource('1.36.2', place)).version).toBe('1.36.2')
    // 1.3 is not the beginning of 1.36.
    await expect(preparedSource('1.3', place)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: 'Available are 2.0.0, 1.36.10, 1.36.9, 1.36.2, 1.9.11',
      data: { available: expect.arrayContaining(['1.36.10']) },
    })
  })

  it.each([
    '../1.36.1',
    '1.36.1/..',
    '..',
    '',
    '1',
    '1.36.1.1',
    '1.36.x',
    'v',
    '__proto__',
    '1.36\n',
    '/etc',
    `${'9'.repeat(5000)}.1`,
  ])('does not know %j', async (asked) => {
    const place = await made({ '1.36.1/index.json': index('1.36.1'), 'index.json': index('..') })
    const error = await preparedSource(asked, place).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'NOT_FOUND' })
    expect(String(error).length).toBeLessThan(300)
  })

  it.each([
    ['nothing', undefined],
    ['half an index', '{"version":"1.36.1","groupVer'],
    ['the index of another version', index('1.36.2')],
    ['an index that leads out of it', index('1.36.1', ['../../../../package'])],
    ['an index that leads out by a group', index('1.36.1', ['../x/v1'])],
    ['an index without a list', index('1.36.1', 'v1')],
    ['null', 'null'],
  ])('with %s under a version says that it is not whole, and does not list it', async (_, text) => {
    const place = await made(
      text === undefined ? { '1.36.1/apis__apps__v1.json': '{}' } : { '1.36.1/index.json': text },
    )
    expect(await preparedVersions(place)).toEqual([])
    await expect(preparedSource('1.36', place)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('not whole'),
      hint: expect.stringContaining('npm run api-reference -- 1.36.1 --force'),
    })
  })

  it('falls back to a whole version where a newer one is not', async () => {
    const place = await made({ '1.36.1/index.json': index('1.36.1'), '1.36.2/index.json': '' })
    expect((await preparedSource('1.36', place)).version).toBe('1.36.1')
  })

  it.each([
    ['missing', undefined],
    ['cut off', '{"io.k8s.api.apps.v1.Deployment":{"descr'],
    ['empty', ''],
    ['not a set of schemas', '[1, 2]'],
    ['made of other things', '{"a":null}'],
  ])('with a document that is %s says so, and works once it is mended', async (_, text) => {
    const place = await made({ '1.36.1/index.json': index('1.36.1') })
    const file = join(place, '1.36.1', 'apis__apps__v1.json')
    if (text !== undefined) await writeFile(file, text)
    const source = await preparedSource('1.36.1', place)
    await expect(source.schemas('apps/v1')).rejects.toMatchObject({
      code: 'INTERNAL',
      message: /apis__apps__v1/,
    })
    await writeFile(file, '{"a":{"type":"object"}}')
    expect(await source.schemas('apps/v1')).toEqual({ a: { type: 'object' } })
  })

  it('copied by other means is as good', async (context) => {
    needsModule(context)
    const place = await made({})
    await cp(join(folder, version), join(place, version), { recursive: true })
    expect(await preparedVersions(place)).toEqual([version])
  })
})

describe('file names', () => {
  const group = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/)
  const groupVersion = fc
    .tuple(fc.option(group), fc.stringMatching(/^v[1-9]((alpha|beta)[1-9])?$/))
    .map(([name, one]) => (name === null ? one : `${name}/${one}`))

  it('lead back to the group version', () => {
    fc.assert(
      fc.property(groupVersion, (one) => {
        expect(groupVersionOf(fileOf(one))).toBe(one)
      }),
    )
  })

  it('never lead out of the folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'./\\_vapis1\0') }), (one) => {
        if (groupVersionOf(fileOf(one)) === one) expect(fileOf(one)).not.toMatch(/[/\\\0]/)
      }),
    )
  })
})
