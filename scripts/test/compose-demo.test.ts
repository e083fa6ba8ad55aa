import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ensureBinaries, eventually } from '@gatehouse/testing'
import type { CallResult, McpTestClient } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Clone, docker, missingDocker } from './clone.ts'

// docker compose --profile demo up, with the programs of the other tests' cluster: compiling them takes nine minutes.
const missing = missingDocker()
const PATIENCE = 300_000

let clone: Clone
let client: McpTestClient

describe.skipIf(missing)(`docker compose --profile demo up${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(async () => {
    clone = await Clone.make()
    // A kubeconfig of one's own, which must not get in the way, and which the demo must not touch.
    mkdirSync(path.join(clone.home, '.kube'))
    writeFileSync(path.join(clone.home, '.kube', 'config'), OWN)
    const programs = { GATEHOUSE_TEST_BIN: await ensureBinaries() }
    const { code, output } = clone.compose(['--profile', 'demo', 'up', '--build', '--detach'], programs)
    expect(code, output).toBe(0)
    await context('demo')
    client = await clone.connect()
  }, PATIENCE)

  afterAll(async () => {
    await client?.close()
    clone?.compose(['--profile', 'demo', 'down', '--volumes'])
    clone?.remove()
  }, PATIENCE)

  it('shows pods, broken ones too, and their logs through the hub', { timeout: PATIENCE }, async () => {
    await eventually('a pod that crashes', async () => {
      const pods = await client.call('infra_k8s_pods_listPods', { namespace: 'shop' })
      expect(JSON.stringify(pods)).toMatch(
        /frontend-[\s\S]*CrashLoopBackOff|CrashLoopBackOff[\s\S]*frontend-/,
      )
      expect(pods.structuredContent).toMatchObject({
        target: { context: 'demo', identity: 'demo' },
      })
      return true
    })
    const names = (await kubectl('get pods -n shop -l app=frontend -o name')).split('\n').filter(Boolean)
    const name = names[0]?.replace('pod/', '')
    const logs = await client.call('infra_k8s_pods_getPodLogs', { namespace: 'shop', name })
    expect(logs.isError, JSON.stringify(logs)).toBeFalsy()
  })

  it('gives the servers the identities of deploy/rbac, and nothing of your own kubeconfig', async () => {
    const contexts = await client.call('infra_k8s_cluster_getContexts')
    expect(JSON.stringify(contexts.structuredContent)).not.toContain('mine')
    const secrets = await client.call('infra_k8s_resources_listResources', {
      kind: 'Secret',
      namespace: 'shop',
    })
    expect(secrets.structuredContent).toMatchObject({ code: 'FORBIDDEN' })
  })

  it('changes what a person approves', { timeout: PATIENCE }, async () => {
    const asked = await client.call('infra_k8s_deployments_scaleDeployment', {
      namespace: 'shop',
      name: 'catalog',
      replicas: 4,
    })
    expect(await decided(asked)).toMatchObject({ state: 'succeeded' })
  })

  it('runs a command in a container, once approved', { timeout: PATIENCE }, async () => {
    const pod = (await kubectl('get pods -n shop -l app=catalog -o name')).split('\n')[0] ?? ''
    const command = `kubectl exec -n shop ${pod.replace('pod/', '')} -- echo said-inside`
    const asked = await client.call('infra.remediation.execute_kubectl', { command })
    expect(JSON.stringify(await decided(asked))).toContain('said-inside')
  })

  it('is locked down like the servers, and published nowhere', () => {
    const { HostConfig: host, Config: config } = clone.inspect('demo-cluster')
    expect(config.User).toMatch(/^[1-9]/)
    expect(host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false, PidsLimit: 1024 })
    expect(clone.published()).toHaveLength(3)
  })

  it('gives way to your own kubeconfig when it stops, and takes over again', {
    timeout: PATIENCE,
  }, async () => {
    docker('stop', `${clone.project}-demo-cluster-1`)
    expect(clone.inspect('demo-cluster').State.ExitCode).toBe(0)
    await eventually('its own kubeconfig', async () => {
      expect(JSON.stringify(await client.call('infra_k8s_cluster_getContexts'))).toContain('mine')
      return true
    })
    docker('start', `${clone.project}-demo-cluster-1`)
    await context('demo')
  })
})

const OWN = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'mine',
  clusters: [{ name: 'mine', cluster: { server: 'https://192.0.2.1:6443' } }],
  users: [{ name: 'mine', user: { token: 'not-a-token' } }],
  contexts: [{ name: 'mine', context: { cluster: 'mine', user: 'mine' } }],
})

async function kubectl(command: string): Promise<string> {
  const { structuredContent } = await client.call('infra.remediation.execute_kubectl', {
    command: `kubectl ${command}`,
  })
  return String(structuredContent?.output)
}

async function ask(url: string, body?: object): Promise<Record<string, string>> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${clone.token('approver_token')}`,
      'content-type': 'application/json',
      connection: 'close',
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return (await response.json()) as Record<string, string>
}

/** Approves what was asked for, and waits for the outcome. */
async function decided({ structuredContent: asked }: CallResult): Promise<Record<string, string>> {
  expect(asked, JSON.stringify(asked)).toMatchObject({ requestId: expect.any(String) })
  const at = `${clone.pages}/api/approvals/${asked?.requestId}`
  const { planDigest, viewDigest } = await ask(at)
  await ask(`${at}/approve`, { planDigest, viewDigest })
  return ask(`${clone.pages}/api/operations/${asked?.requestId}?wait=30`)
}

function context(name: string): Promise<unknown> {
  return eventually(
    `connected to ${name}`,
    async () => {
      const { cluster } = await clone.status()
      expect(cluster, JSON.stringify(cluster)).toMatchObject({ connected: true, context: name })
      return true
    },
    { timeout: 90_000 },
  )
}
