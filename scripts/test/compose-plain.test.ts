import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '@gatehouse/testing'
import { sdks } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Clone, docker, freePort, missingDocker } from './clone.ts'

// What a person does who has just cloned: docker compose up, with nothing prepared, no cluster, and no ~/.kube.
const missing = missingDocker()
const PATIENCE = 300_000
const SERVERS = ['hub-mcp', 'k8s-mcp', 'remediation-mcp']

let clone: Clone
let seconds: number

describe.skipIf(missing)(`docker compose up${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(async () => {
    clone = await Clone.make()
    expect(existsSync(path.join(clone.home, '.kube'))).toBe(false)
    const { code: built, output: said } = clone.compose(['build'])
    expect(built, said).toBe(0)
    const started = performance.now()
    const { code, output } = clone.compose(['up', '--detach'])
    expect(code, output).toBe(0)
    await hub('healthy')
    seconds = (performance.now() - started) / 1000
    console.info(`docker compose up, cold, images present: ready after ${seconds.toFixed(1)} s`)
  }, PATIENCE)

  afterAll(() => {
    clone?.compose(['down', '--volumes'])
    clone?.remove()
  }, PATIENCE)

  it.each(sdks)('serves the client %s at the hub', async (sdk) => {
    const client = await clone.connect(sdk)
    const names = (await client.tools()).map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['infra_k8s_pods_listPods', 'infra_remediation_execute_kubectl']),
    )
    expect((await client.call('infra_k8s_getMetrics')).isError).toBeFalsy()
    expect((await client.call('infra_remediation_get_pending_approvals')).isError).toBeFalsy()
    expect((await client.call('infra_k8s_pods_listPods')).structuredContent).toMatchObject({
      code: 'NO_CLUSTER',
    })
    await client.close()
  })

  it('every server says it is well', { timeout: PATIENCE }, async () => {
    await eventually(
      'the health checks of the images',
      async () => SERVERS.every((one) => clone.inspect(one).State.Health.Status === 'healthy'),
      { timeout: 60_000 },
    )
  })

  it('is ready soon', () => {
    // Twenty seconds are the aim, on a machine of its own.
    expect(seconds).toBeLessThan(60)
  })

  it('publishes three addresses, on loopback', () => {
    const port = (url: string) => new URL(url).port
    expect(clone.published()).toEqual(
      [
        `3100/tcp -> 127.0.0.1:${port(clone.pages)}`,
        `8000/tcp -> 127.0.0.1:${port(clone.hub)}`,
        `8008/tcp -> 127.0.0.1:${port(clone.origin)}`,
      ].sort(),
    )
  })

  it.each(SERVERS)('%s is locked down', (service) => {
    const { HostConfig: host, Config: config, Mounts: mounts } = clone.inspect(service)
    expect(config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false, PidsLimit: 128 })
    expect(host.SecurityOpt).toContain('no-new-privileges:true')
    expect(host.Memory).toBe((service === 'hub-mcp' ? 384 : 512) * 1024 * 1024)
    expect(host.LogConfig).toEqual({ Type: 'json-file', Config: { 'max-file': '3', 'max-size': '10m' } })
    expect(JSON.stringify(mounts)).not.toContain('docker.sock')
    const state = clone.insideOf(service, 'cat', '/proc/1/status')
    expect(state).toMatch(/^Uid:\s+[1-9]/m)
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd'])
      expect(state).toMatch(new RegExp(`^${set}:\\s+0+$`, 'm'))
    for (const place of ['/app', '/run/secrets', '/var/tmp'])
      expect(clone.insideOf(service, 'sh', '-c', `touch ${place}/x 2>&1 || echo refused`), place).toContain(
        'refused',
      )
  })

  it('what makes the secrets has no network, and has ended', () => {
    const { HostConfig: host, State: state } = clone.inspect('init')
    expect(host).toMatchObject({ NetworkMode: 'none', ReadonlyRootfs: true, CapDrop: ['ALL'] })
    expect(state).toMatchObject({ Status: 'exited', ExitCode: 0 })
  })

  it('makes secrets once, keeps them to itself, and gives each server its own', () => {
    const names = secrets()
    expect(names).toEqual(
      ['approver_token', 'database_url', 'hub_key', 'mcp_token', 'postgres_password', 'sanitizer_key'].sort(),
    )
    expect(statSync(clone.at('secrets')).mode & 0o777).toBe(0o700)
    const before = names.map((name) => {
      expect(statSync(clone.at(`secrets/${name}`)).mode & 0o777, name).toBe(0o600)
      return clone.token(name)
    })
    for (const [service, given] of [
      ['hub-mcp', 'hub_key mcp_token'],
      ['k8s-mcp', 'hub_key mcp_token sanitizer_key'],
      ['remediation-mcp', 'approver_token database_url hub_key mcp_token sanitizer_key'],
    ] as const) {
      const listed = clone.insideOf(service, 'sh', '-c', 'cd /run/secrets && stat -c "%a %u %n" *')
      const { uid = '' } = /^(?<uid>\d+):/.exec(clone.inspect(service).Config.User)?.groups ?? {}
      expect(listed.trim().split('\n'), service).toEqual(given.split(' ').map((name) => `600 ${uid} ${name}`))
    }
    const started = () => SERVERS.map((one) => clone.inspect(one).State.StartedAt)
    const running = started()
    const { code, output } = clone.compose(['up', '--detach'])
    expect(code, output).toBe(0)
    expect(started()).toEqual(running)
    expect(secrets().map((name) => clone.token(name))).toEqual(before)
    const logs = clone.compose(['logs']).output
    expect(logs).toContain('approve changes: ')
    expect(logs).toContain('secrets/approver_token')
    const environments = JSON.stringify(SERVERS.map((one) => clone.inspect(one).Config.Env))
    const configured = clone.compose(['config']).output
    for (const [index, value] of before.entries())
      for (const text of [logs, environments, configured]) expect(text, names[index]).not.toContain(value)
  })

  it('refuses whoever has no token, and at 09 whoever is not the hub', async () => {
    const ask = async (url: string, token?: string, body = LIST) => {
      const headers = {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      }
      return (await fetch(url, { method: 'POST', body, headers })).status
    }
    // Connections that ended while this process waited for docker: only now it can notice.
    await pause(100)
    for (const url of [`${clone.hub}/mcp`, `${clone.origin}/mcp`]) {
      expect(await ask(url), url).toBe(401)
      expect(await ask(url, 'x'.repeat(43)), url).toBe(401)
      expect(await ask(url, clone.token('approver_token')), url).toBe(401)
      // Whoever called 8008 before the hub was there still does.
      expect(await ask(url, clone.token()), url).toBe(200)
    }
    expect(await ask(`${clone.origin}/tools/infra.k8s.getMetrics`, clone.token(), '{}')).toBe(200)
    const direct = `fetch('http://remediation-mcp:8009/mcp', { method: 'POST', body: ${JSON.stringify(LIST)},
      headers: { 'content-type': 'application/json', authorization: 'Bearer ${clone.token()}' } })
      .then(async (answer) => console.log(answer.status, await answer.text()))`
    expect(clone.inside('node', '-e', direct)).toMatch(/^401 .*Only the hub is served here/)
    // The database answers one server only.
    const database = `fetch('http://postgres:5432').catch(({ cause }) => console.log(cause.code))`
    expect(clone.inside('node', '-e', database).trim()).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/)
  })

  it('a server that is away costs its own calls only', { timeout: PATIENCE }, async () => {
    const client = await clone.connect()
    docker('stop', `${clone.project}-remediation-mcp-1`)
    await hub('degraded')
    expect((await client.call('infra_k8s_getMetrics')).isError).toBeFalsy()
    const gone = await client.call('infra_remediation_get_pending_approvals').catch((error: unknown) => error)
    expect(JSON.stringify(gone)).toContain('SERVER_UNAVAILABLE')
    docker('start', `${clone.project}-remediation-mcp-1`)
    await hub('healthy')
    expect((await client.call('infra_remediation_get_pending_approvals')).isError).toBeFalsy()
    await client.close()
  })

  it('a kubeconfig that cannot be read is no reason to stop, and is named', async () => {
    const file = path.join(clone.home, '.kube', 'config')
    writeFileSync(file, '{}', { mode: 0o600 })
    const closed = async (place: string) => {
      const { mode } = statSync(place)
      chmodSync(place, 0)
      await eventually(`the reason: ${place}`, async () => {
        const { connected, reason } = (await clone.status()).cluster
        expect([connected, reason]).toEqual([false, expect.stringMatching(/cannot be read \(EACCES\)/)])
        return true
      })
      chmodSync(place, mode)
    }
    await closed(file)
    await closed(path.dirname(file))
    // Pages need no cluster.
    expect((await fetch(`${clone.origin}/docs`)).status).toBe(200)
  })

  it('for work on the sources: read anew on a change, and 09 published too', {
    timeout: PATIENCE,
  }, async () => {
    const port = String(await freePort())
    const both = ['--file', 'docker-compose.yml', '--file', 'docker-compose.dev.yml']
    const { code, output } = clone.compose([...both, 'up', '--detach'], { REMEDIATION_PORT: port })
    expect(code, output).toBe(0)
    await hub('healthy')
    expect(clone.published()).toContain(`8009/tcp -> 127.0.0.1:${port}`)
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200)
    const starts = () => docker('logs', `${clone.project}-hub-mcp-1`).match(/"msg":"listening"/g)?.length ?? 0
    const before = starts()
    const source = clone.at('dockers/00_hub_mcp/src/main.ts')
    writeFileSync(source, `${readFileSync(source, 'utf8')}\n// changed\n`)
    await eventually('started anew', async () => starts() > before, { timeout: 20_000 })
    await hub('healthy')
  })

  it('a secret that protects nothing stops the start, and is named', { timeout: PATIENCE }, () => {
    writeFileSync(clone.at('secrets/mcp_token'), 'short\n')
    const { code, output } = clone.compose(['up', '--detach'])
    expect(code).not.toBe(0)
    expect(output).toContain('init')
    expect(clone.compose(['logs', 'init']).output).toMatch(/secrets\/mcp_token: a token has at least 32/)
    expect(readFileSync(clone.at('secrets/mcp_token'), 'utf8')).toBe('short\n')
  })
})

const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })

function secrets(): string[] {
  return readdirSync(clone.at('secrets')).filter((name) => name !== '.gitkeep')
}

function hub(state: string): Promise<unknown> {
  return eventually(
    `the hub is ${state}`,
    async () => {
      const health = await fetch(`${clone.hub}/health`).then((response) => response.json())
      expect(health, JSON.stringify(health)).toMatchObject({ state })
      return true
    },
    { timeout: 60_000 },
  )
}
