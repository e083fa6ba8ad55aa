import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { type Cluster, eventually, startCluster } from '@gatehouse/testing'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bridge, Clone, docker, missingDocker } from './clone.ts'

// What a person does after cloning, in a copy of the repository: builds the image and runs it for real.
const missing = missingDocker()
if (missing) console.warn(`The tests of docker compose are skipped: ${missing}`)
const PATIENCE = 300_000

let cluster: Cluster
let clone: Clone

describe.skipIf(missing)(`docker compose${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(async () => {
    clone = await Clone.make()
    cluster = await startCluster(bridge())
  }, PATIENCE)

  afterAll(async () => {
    await clone?.npmRun('up', 'down')
    if (clone) docker('volume', 'rm', '--force', `${clone.project}_postgres`)
    clone?.remove()
    await cluster?.stop()
  }, PATIENCE)

  it('says in one line what to run first', () => {
    const { GATEHOUSE_UID: _, GATEHOUSE_GID: _gid, ...before } = clone.environment
    const { status, stderr } = spawnSync('docker', ['compose', 'up'], {
      cwd: clone.folder,
      env: before,
      encoding: 'utf8',
    })
    expect(status).not.toBe(0)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('npm run up')
  })

  it('starts without a cluster, and says where the token is without showing it', {
    timeout: PATIENCE,
  }, async () => {
    const { code, output } = await clone.npmRun('up')
    expect(code, output).toBe(0)
    expect(output).toContain(`k8s-mcp  ${clone.origin}`)
    expect(output).toMatch(/cluster {2}none\. There is no .*config\./)
    expect(output).toContain('secrets/mcp_token')
    expect(clone.token()).toMatch(/^\S{32,}$/)
    expect(output).not.toContain(clone.token())
    for (const name of [
      'mcp_token',
      'approver_token',
      'sanitizer_key',
      'hub_key',
      'postgres_password',
      'database_url',
    ]) {
      // The database reads its own as another user; the folder is closed to everybody.
      const mode = name === 'postgres_password' ? 0o644 : 0o600
      expect(statSync(clone.at(`secrets/${name}`)).mode & 0o777, name).toBe(mode)
      expect(output, name).not.toContain(clone.token(name))
    }
    expect(statSync(clone.at('secrets')).mode & 0o777).toBe(0o700)
    expect(output).toContain(`approve  ${clone.pages}/login with the token in secrets/approver_token`)
    expect((await clone.status()).cluster.connected).toBe(false)
  })

  it('is locked down', async () => {
    const { HostConfig: host, Config: config, NetworkSettings: network } = clone.inspect()
    expect(config.User).toBe(`${clone.user.uid}:${clone.user.gid}`)
    expect(host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false, PidsLimit: 128 })
    expect(host.SecurityOpt).toContain('no-new-privileges:true')
    expect(host.Memory).toBe(512 * 1024 * 1024)
    expect(host.LogConfig.Config).toEqual({ 'max-file': '3', 'max-size': '10m' })
    const published = Object.values(network.Ports as Record<string, { HostIp: string }[] | null>).flat()
    expect(published.map((one) => one?.HostIp)).toEqual(['127.0.0.1'])
    const process = clone.inside('cat', '/proc/1/status')
    expect(process).toMatch(new RegExp(`^Uid:\\s+${clone.user.uid}\\s`, 'm'))
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd'])
      expect(process).toMatch(new RegExp(`^${set}:\\s+0+$`, 'm'))
    expect(process).toMatch(/^NoNewPrivs:\s+1$/m)
    for (const place of ['/app', '/kube', '/run', '/var/tmp']) {
      expect(clone.inside('sh', '-c', `touch ${place}/x 2>&1 || echo refused`), place).toContain('refused')
    }
    expect(clone.inside('sh', '-c', 'touch /tmp/x && echo written')).toContain('written')
    expect(clone.inside('getent', 'hosts', 'host.docker.internal')).toMatch(/^\d+\./)
  })

  it('so is the one that may write, and the database is published nowhere', () => {
    const writer = clone.inspect('remediation-mcp')
    expect(writer.Config.User).toBe(`${clone.user.uid}:${clone.user.gid}`)
    expect(writer.HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false })
    const published = (service: string) =>
      Object.values(
        clone.inspect(service).NetworkSettings.Ports as Record<string, { HostIp: string }[] | null>,
      )
        .flat()
        .flatMap((one) => (one ? [one.HostIp] : []))
    expect(published('remediation-mcp')).toEqual(['127.0.0.1'])
    expect(published('hub-mcp')).toEqual(['127.0.0.1'])
    expect(published('postgres')).toEqual([])
    const given = JSON.stringify(
      ['remediation-mcp', 'postgres', 'k8s-mcp'].map((one) => clone.inspect(one).Config.Env),
    )
    for (const name of ['approver_token', 'postgres_password', 'sanitizer_key'])
      expect(given, name).not.toContain(clone.token(name))
  })

  it('keeps the workspaces as links, and holds no tests, secrets or development tools', () => {
    expect(clone.inside('readlink', '-f', '/app/node_modules/@gatehouse/tools')).toBe('/app/shared/tools\n')
    const files = clone.inside('find', '/app', '-not', '-path', '/app/node_modules/*', '-type', 'f')
    expect(files).toContain('/app/dockers/08_k8s_mcp/src/main.ts')
    expect(files).not.toMatch(/\/secrets\/|\.env|\.test\.ts|\.git\/|shared\/testing/)
    expect(clone.inside('ls', '/app/node_modules')).not.toMatch(/^(vitest|typescript|knip)$/m)
  })

  it('answers only with the token, and its own health check agrees', { timeout: PATIENCE }, async () => {
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${clone.origin}/mcp`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', ...headers },
      })
    expect((await fetch(`${clone.origin}/livez`)).status).toBe(200)
    expect((await ask()).status).toBe(401)
    expect((await ask({ authorization: `Bearer ${'x'.repeat(43)}` })).status).toBe(401)
    const client = new Client({ name: 'compose-test', version: '0' })
    const requestInit = { headers: { authorization: `Bearer ${clone.token()}` } }
    await client.connect(new StreamableHTTPClientTransport(new URL(`${clone.origin}/mcp`), { requestInit }))
    const names = (await client.listTools()).tools.map(({ name }) => name)
    await client.close()
    expect(names).toContain('infra.k8s.pods.listPods')
    const front = new Client({ name: 'compose-test', version: '0' })
    const through = new StreamableHTTPClientTransport(new URL(`${clone.hub}/mcp`), { requestInit })
    await eventually('the hub has both servers', async () => {
      const health = (await (await fetch(`${clone.hub}/health`)).json()) as { state: string }
      return health.state === 'healthy'
    })
    await front.connect(through)
    const all = (await front.listTools()).tools.map(({ name }) => name)
    expect(all).toEqual(
      expect.arrayContaining(['infra_k8s_pods_listPods', 'infra_remediation_execute_kubectl']),
    )
    // 09 serves its MCP to the hub alone, so this answer shows that both have the key.
    const pending = await front.callTool({ name: 'infra_remediation_get_pending_approvals' })
    expect(pending.structuredContent).toMatchObject({ shown: 0 })
    await front.close()
    await eventually('Docker says healthy', async () => clone.inspect().State.Health.Status === 'healthy', {
      timeout: 60_000,
    })
  })

  it('picks up a kubeconfig that appears, with mode 0600, and one that replaces it', {
    timeout: PATIENCE,
  }, async () => {
    clone.putKubeconfig(cluster, 'first')
    await connectedTo('first')
    expect((await clone.status()).cluster).toMatchObject({
      connected: true,
      version: expect.stringMatching(/^v1\./),
    })
    const list = await fetch(`${clone.origin}/tools/infra.k8s.cluster.listNodes`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${clone.token()}` },
    })
    expect(await list.json()).toMatchObject({ total: 3, target: { context: 'first' } })
    clone.putKubeconfig(cluster, 'second')
    await connectedTo('second')
  })

  it('changes the cluster when a person approves on port 3100, on PostgreSQL', {
    timeout: PATIENCE,
  }, async () => {
    await cluster.kubectl(['create', 'configmap', 'flags', '-n', 'default', '--from-literal=colour=red'])
    const colour = () =>
      cluster.kubectl(['get', 'cm', 'flags', '-n', 'default', '-o', 'jsonpath={.data.colour}'])
    const ask = async (url: string, token: string, body?: object) => {
      const response = await fetch(url, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${clone.token(token)}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as Record<string, string> }
    }
    const patch = {
      kind: 'ConfigMap',
      name: 'flags',
      namespace: 'default',
      patch: { data: { colour: 'green' } },
    }
    const asked = await ask(`${clone.origin}/tools/infra.k8s.resources.patchResource`, 'mcp_token', patch)
    expect(asked.status, JSON.stringify(asked.body)).toBe(202)
    const { requestId, approvalUrl } = asked.body
    expect(approvalUrl).toBe(`${clone.pages}/requests/${requestId}`)
    expect(await colour()).toBe('red')
    const at = `${clone.pages}/api/approvals/${requestId}`
    const { planDigest, viewDigest } = (await ask(at, 'approver_token')).body
    expect((await ask(`${at}/approve`, 'mcp_token', { planDigest, viewDigest })).status).toBe(403)
    expect((await ask(`${at}/approve`, 'approver_token', { planDigest, viewDigest })).status).toBe(200)
    const ended = await ask(`${clone.pages}/api/operations/${requestId}?wait=30`, 'mcp_token')
    expect(ended.body).toMatchObject({ state: 'succeeded' })
    expect(await colour()).toBe('green')
    expect(existsSync(clone.at('state/checkpoints.jsonl'))).toBe(true)
  })

  it('says what to do about a cluster on this machine, and the way it says works', {
    timeout: PATIENCE,
  }, async () => {
    const port = new URL(cluster.url).port
    clone.putKubeconfig(cluster, 'local', `https://127.0.0.1:${port}`)
    const { code, output } = await clone.npmRun('up')
    expect(code, output).toBe(0)
    expect(output).toContain('The context "local" points at https://127.0.0.1')
    expect(output).toContain(`--server https://host.docker.internal:${port} --tls-server-name localhost`)
    clone.putKubeconfig(cluster, 'inside')
    await connectedTo('inside')
  })

  it('stops cleanly as process 1, and starts again with plain docker compose up', {
    timeout: PATIENCE,
  }, async () => {
    docker('stop', clone.container)
    // 137 would be the kill after the grace period.
    expect(clone.inspect().State.ExitCode).toBe(0)
    expect(docker('logs', clone.container)).toMatch(/"signal":"SIGTERM","msg":"stopping"/)
    const { COMPOSE_PROJECT_NAME, MCP_PORT, APPROVAL_PORT, PATH, HOME } = clone.environment
    const env = { COMPOSE_PROJECT_NAME, MCP_PORT, APPROVAL_PORT, PATH, HOME } as Record<string, string>
    const { status: exit, stderr } = spawnSync('docker', ['compose', 'up', '--detach'], {
      cwd: clone.folder,
      env,
      encoding: 'utf8',
    })
    expect(exit, stderr).toBe(0)
    await connectedTo('inside')
  })

  it('goes away with npm run up -- down', { timeout: PATIENCE }, async () => {
    expect((await clone.npmRun('up', 'down')).code).toBe(0)
    expect(docker('ps', '--all', '--quiet', '--filter', `name=${clone.project}`)).toBe('')
    expect(existsSync(clone.at('secrets/mcp_token'))).toBe(true)
  })
})

/** Waits until the container says so; what it says instead becomes the failure. */
function connectedTo(context: string): Promise<unknown> {
  return eventually(`connected to ${context}`, async () => {
    const said = (await clone.status()).cluster
    expect(said, JSON.stringify(said)).toMatchObject({ connected: true, context })
    return true
  })
}
