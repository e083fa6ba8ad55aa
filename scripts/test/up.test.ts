import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { ensureSecrets, GIVEN, handOut } from '../../deploy/init/secrets.ts'
import { ensureToken } from '../../deploy/init/token.ts'
import { adviceFor, isLoopback } from '../up/advice.ts'
import { containerUser } from '../up/container-user.ts'
import { readEnv, writeEnv } from '../up/env-file.ts'
import { canRead, linkTarget, locateKubeconfig } from '../up/kubeconfig.ts'
import { portOf } from '../up/port.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-up-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => path.join(folder, name)
const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url))
const me = { uid: process.getuid?.() ?? 1000, gid: process.getgid?.() ?? 1000 }

describe('.env', () => {
  it('keeps the lines of others and replaces its own', () => {
    writeFileSync(at('env'), '# mine\nMCP_PORT=8018\nGATEHOUSE_UID=1\n')
    writeEnv(at('env'), { GATEHOUSE_UID: '1000', KUBECONFIG_DIR: '/home/a b/$x' })
    writeEnv(at('env'), { GATEHOUSE_UID: '1001', KUBECONFIG_DIR: '/home/a b/$x' })
    expect(readEnv(at('env'))).toEqual({
      MCP_PORT: '8018',
      GATEHOUSE_UID: '1001',
      KUBECONFIG_DIR: '/home/a b/$x',
    })
    const text = readFileSync(at('env'), 'utf8')
    expect(text).toContain("KUBECONFIG_DIR='/home/a b/$x'\n")
    expect(text).toContain('# mine\n')
    expect(text.match(/Written by/g)).toHaveLength(1)
  })

  it('refuses what Compose would read differently', () => {
    expect(() => writeEnv(at('odd'), { KUBECONFIG_DIR: "/o'brien" })).toThrow(/KUBECONFIG_DIR/)
  })
})

describe('the token', () => {
  const file = at('secrets/mcp_token')

  it('is made once, long, and readable only by its owner', () => {
    expect(ensureToken(file, me)).toBe('made')
    const token = readFileSync(file, 'utf8')
    expect(token.trim()).toMatch(/^[\w-]{43}$/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    expect(ensureToken(file, me)).toBe('kept')
    expect(readFileSync(file, 'utf8')).toBe(token)
  })

  it('is refused when it is too short to protect anything', () => {
    writeFileSync(at('short'), 'secret\n')
    expect(() => ensureToken(at('short'), me)).toThrow(/at least 32/)
  })
})

describe('the secrets', () => {
  it('are made once, each only for its owner, and each server is given its own', () => {
    const all = ensureSecrets(at('all'), me)
    expect(all).toHaveLength(6)
    expect(ensureSecrets(at('all'), me)).toEqual([])
    for (const name of all) expect(statSync(at(`all/${name}`)).mode & 0o777, name).toBe(0o600)
    const read = (name: string) => readFileSync(at(`all/${name}`), 'utf8').trim()
    expect(new Set(all.map(read)).size).toBe(6)
    expect(read('database_url')).toBe(
      `postgres://gatehouse:${read('postgres_password')}@postgres:5432/gatehouse`,
    )
    mkdirSync(at('given'))
    handOut(at('all'), GIVEN['hub-mcp'] ?? [], at('given'), me)
    expect(readdirSync(at('given')).sort()).toEqual(['hub_key', 'mcp_token'])
    expect(statSync(at('given/hub_key')).mode & 0o777).toBe(0o600)
    expect(statSync(at('given')).mode & 0o777).toBe(0o700)
  })

  it('that decide or open the database are given to one container only', () => {
    for (const name of ['approver_token', 'database_url', 'postgres_password']) {
      expect(
        Object.values(GIVEN).filter((names) => names.includes(name)),
        name,
      ).toHaveLength(1)
    }
  })
})

describe('who runs inside', () => {
  const caller = { environment: {}, uid: 501, gid: 20, rootless: false, owner: { uid: 700, gid: 700 } }
  it.each([
    ['the caller', {}, { uid: 501, gid: 20 }],
    [
      'the caller behind sudo',
      { uid: 0, gid: 0, environment: { SUDO_UID: '501', SUDO_GID: '20' } },
      { uid: 501, gid: 20 },
    ],
    ['for root the owner of the kubeconfig', { uid: 0, gid: 0 }, { uid: 700, gid: 700 }],
    ['never root for root', { uid: 0, gid: 0, owner: { uid: 0, gid: 0 } }, { uid: 1000, gid: 1000 }],
    [
      'the user of the image where there are no ids',
      { uid: undefined, gid: undefined },
      { uid: 1000, gid: 1000 },
    ],
    ['0 with a rootless engine, which is the caller outside', { rootless: true }, { uid: 0, gid: 0 }],
    ['whom a setting names', { environment: { GATEHOUSE_UID: '7' } }, { uid: 7, gid: 7 }],
  ])('%s', (_who, change, user) => expect(containerUser({ ...caller, ...change })).toEqual(user))
})

describe('the kubeconfig', () => {
  const home = at('home')

  it('is ~/.kube/config unless said otherwise, and its folder is made before Docker does', () => {
    const place = locateKubeconfig({}, {}, home)
    expect(place).toMatchObject({ folder: path.join(home, '.kube'), name: 'config', stat: undefined })
    expect(statSync(place.folder).mode & 0o777).toBe(0o700)
  })

  it('is what the shell says before what .env says', () => {
    mkdirSync(at('other'))
    const saved = { KUBECONFIG_DIR: at('other'), KUBECONFIG_NAME: 'dev' }
    expect(locateKubeconfig({}, saved, home).file).toBe(at('other/dev'))
    expect(locateKubeconfig({ KUBECONFIG: at('home/.kube/prod') }, saved, home).file).toBe(
      at('home/.kube/prod'),
    )
  })

  it('is one file, in a folder that exists', () => {
    for (const name of ['a', 'b']) writeFileSync(at(name), '')
    const two = [at('a'), at('b')].join(path.delimiter)
    expect(() => locateKubeconfig({ KUBECONFIG: two }, {}, home)).toThrow(/--flatten/)
    expect(locateKubeconfig({ KUBECONFIG: `${at('none')}:${at('b')}` }, {}, home).file).toBe(at('b'))
    expect(() => locateKubeconfig({ KUBECONFIG: '/nope/config' }, {}, home)).toThrow(/\/nope/)
  })

  it('must be readable by who runs inside, and no link out of its folder', () => {
    mkdirSync(at('locked'), { mode: 0o700 })
    writeFileSync(at('locked/config'), '', { mode: 0o600 })
    const place = locateKubeconfig({ KUBECONFIG: at('locked/config') }, {}, home)
    expect(canRead(place, me)).toBe(true)
    expect(canRead(place, { uid: me.uid + 1, gid: me.gid + 1 })).toBe(false)
    expect(linkTarget(place)).toBeUndefined()
    symlinkSync(at('locked/config'), at('linked'))
    expect(linkTarget(locateKubeconfig({ KUBECONFIG: at('linked') }, {}, home))).toBe(at('locked/config'))
  })
})

describe('advice', () => {
  const advise = (server: string, user: object = {}, platform = 'linux') => {
    const text = JSON.stringify({
      'current-context': 'dev',
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user }],
      contexts: [
        { name: 'dev', context: { cluster: 'c', user: 'u' } },
        { name: 'away', context: {} },
      ],
    })
    writeFileSync(at('advice'), text)
    return adviceFor(at('advice'), undefined, platform)
  }

  it('says how to reach a cluster that is on this machine', () => {
    const [advice] = advise('https://127.0.0.1:6443')
    expect(advice).toContain('The context "dev" points at https://127.0.0.1:6443')
    expect(advice).toContain(
      'set-cluster c --server https://host.docker.internal:6443 --tls-server-name localhost',
    )
    expect(advice).toContain('docker0')
    expect(advise('https://127.0.0.1:6443', {}, 'darwin')[0]).not.toContain('docker0')
  })

  it('names a program that is not in the image, and files that are not in the folder', () => {
    expect(advise('https://k.example', { exec: { command: 'aws' } })[0]).toMatch(/"aws".*not in the image/)
    expect(advise('https://k.example', { 'client-key': '/home/me/key' })[0]).toMatch(
      /\/home\/me\/key.*not in/,
    )
    expect(advise('https://k.example', { 'client-key': 'pki/key' })).toEqual([])
  })

  it('looks only at the context in use, and at no broken file', () => {
    advise('https://127.0.0.1:6443')
    expect(adviceFor(at('advice'), 'away', 'linux')).toEqual([])
    writeFileSync(at('broken'), 'a: [')
    expect(adviceFor(at('broken'), undefined, 'linux')).toEqual([])
  })

  it.each([
    ['https://localhost:1', true],
    ['https://[::1]:1', true],
    ['https://0.0.0.0:1', true],
    ['https://127.8.8.8', true],
    ['https://127.example.com', false],
    ['https://10.0.0.1', false],
    ['nonsense', false],
  ])('%s is this machine: %s', (server, expected) => expect(isLoopback(server)).toBe(expected))
})

describe('npm run up', () => {
  const up = (args: string[], environment: Record<string, string> = {}) =>
    spawnSync(process.execPath, [RUN, 'up', ...args], { env: environment, encoding: 'utf8' })

  it('explains itself', () => {
    const { status, stdout } = up(['--help'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/KUBECONFIG[\s\S]*MCP_PORT/)
  })

  it('refuses what it does not know', () => {
    const { status, stderr } = up(['sideways'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^There is no "sideways"/)
  })

  it('says what to do without Docker', () => {
    const { status, stdout, stderr } = up([], { PATH: '/nonexistent' })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^Docker is not installed .*npm start\n$/)
  })

  it('takes a port that is one', () => {
    expect(portOf(undefined)).toBe(8008)
    expect(portOf('8018')).toBe(8018)
    for (const odd of ['x', '0', '70000', '1.5']) expect(() => portOf(odd)).toThrow(/MCP_PORT/)
  })
})
