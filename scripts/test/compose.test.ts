import { existsSync, readdirSync, statSync } from 'node:fs'
import { type Cluster, eventually, startCluster } from '@gatehouse/testing'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bridge, Clone, docker, missingDocker } from './clone.ts'

// `npm run up` in a copy of the repository: builds the images and runs them as a person does who has a cluster.
const missing = missingDocker()
if (missing) console.warn(`The tests of docker compose are skipped: ${missing}`)
const PATIENCE = 300_000

let cluster: Cluster
let clone: Clone

describe.skipIf(missing)(`npm run up${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(async () => {
    clone = await Clone.make()
    cluster = await startCluster(bridge())
  }, PATIENCE)

  afterAll(async () => {
    clone?.compose(['down', '--volumes'])
    clone?.remove()
    await cluster?.stop()
  }, PATIENCE)

  it('starts without a cluster, and says where the token is without showing it', {
    timeout: PATIENCE,
  }, async () => {
    const { code, output } = await clone.npmRun('up')
    expect(code, output).toBe(0)
    expect(output).toContain(`MCP      ${clone.hub}/mcp  (39 tools; the one address for AI clients)`)
    expect(output).toContain(`pages    ${clone.origin}/`)
    expect(output).not.toContain('missing')
    expect(output).toMatch(/cluster {2}none\. There is no .*config\./)
    expect(output).toContain('secrets/mcp_token')
    expect(clone.token()).toMatch(/^\S{32,}$/)
    expect(output).not.toContain(clone.token())
    for (const name of readdirSync(clone.at('secrets')).filter((one) => one !== '.gitkeep')) {
      expect(statSync(clone.at(`secrets/${name}`)).mode & 0o777, name).toBe(0o600)
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
    expect(files).not.toMatch(
      /\/secrets\/|\.env|\.test\.ts|\.git\/|shared\/testing\/(?!src\/cluster\/binaries\.ts)/,
    )
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
    const { code, output } = clone.compose(['up', '--detach'])
    expect(code, output).toBe(0)
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
