import { type Cluster, eventually, startCluster } from '@gatehouse/testing'
import { connectMcp } from '@gatehouse/testing/mcp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bridge, Clone, docker, missingDocker } from './clone.ts'

// The image of mcp-k8s-agent as its README builds and runs it: docker run -i, MCP on stdin and stdout.
const missing = missingDocker()
if (missing) console.warn(`The test of the agent's image is skipped: ${missing}`)
const PATIENCE = 300_000

let cluster: Cluster
let clone: Clone

describe.skipIf(missing)(`docker run -i${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(async () => {
    clone = await Clone.make()
    cluster = await startCluster(bridge())
    clone.putKubeconfig(cluster, 'from-a-container')
    docker(
      'build',
      '-t',
      `${clone.project}-agent`,
      '-f',
      clone.at('dockers/11_k8s_agent_mcp/Dockerfile'),
      clone.folder,
    )
  }, PATIENCE)

  afterAll(async () => {
    docker('image', 'rm', '--force', `${clone.project}-agent`)
    clone?.remove()
    await cluster?.stop()
  }, PATIENCE)

  it('serves a cluster through a read-only mount, as an ordinary user', { timeout: PATIENCE }, async () => {
    const errors: string[] = []
    const args = ['run', '-i', '--rm', '--read-only', '--cap-drop', 'ALL', '--network', 'bridge']
    const user = [
      '--user',
      `${clone.user.uid}:${clone.user.gid}`,
      '--add-host',
      'host.docker.internal:host-gateway',
    ]
    const mount = ['-v', `${clone.kube}:/kube:ro`, '-e', 'KUBECONFIG=/kube/config']
    const client = await connectMcp({
      command: 'docker',
      args: [...args, ...user, ...mount, `${clone.project}-agent`],
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
      onStderr: (text) => errors.push(text),
    })
    await eventually('the start line', async () => /^mcp-k8s-agent started \| /.test(errors.join('')))
    expect(await client.tools()).toHaveLength(5)
    const listed = await client.call('k8s_list', { kind: 'ServiceAccount', namespace: 'default' })
    expect(listed.structuredContent).toMatchObject({ target: { context: 'from-a-container' } })
    expect((await client.call('k8s_list', { kind: 'secret', namespace: 'default' })).isError).toBe(true)
    await client.close()
  })
})
