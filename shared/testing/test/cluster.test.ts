import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VERSIONS } from '../src/cluster/binaries.ts'
import { type Cluster, ensureBinaries, eventually, startCluster } from '../src/index.ts'
import { programsOf } from './processes.ts'

let cluster: Cluster
let namespace: string

beforeAll(async () => {
  cluster = await startCluster()
  namespace = await cluster.freshNamespace()
}, 1_800_000)

afterAll(() => cluster?.stop())

describe('a started cluster', () => {
  test('has three ready nodes of the pinned version', async () => {
    const nodes = await cluster.kubectl(['get', 'nodes', '--no-headers'])
    expect(nodes.match(/ Ready /g)).toHaveLength(3)
    expect(nodes).toContain(VERSIONS.kubernetes)
  })

  test('runs a Deployment, and records the requests', async () => {
    await cluster.kubectl([
      'create',
      'deployment',
      'web',
      '--image=nginx:1.29',
      '--replicas=2',
      '-n',
      namespace,
    ])
    await cluster.kubectl(['rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=30s'])
    const requests = (await cluster.audit()).filter(
      ({ verb, objectRef }) => verb === 'create' && objectRef?.resource === 'deployments',
    )
    expect(requests.map(({ user }) => user.username)).toEqual(['test-admin'])
  })

  test('completes a Job', async () => {
    await cluster.kubectl(['create', 'job', 'once', '--image=busybox:1', '-n', namespace])
    await cluster.kubectl(['wait', '--for=condition=complete', 'job/once', '-n', namespace, '--timeout=30s'])
  })

  test('signs in other users', async () => {
    await cluster.kubectl(['create', 'serviceaccount', 'reader', '-n', namespace])
    const path = await cluster.writeKubeconfig('others', [
      { name: 'reader', user: { token: await cluster.token('reader', namespace) } },
      { name: 'eve', user: { certificate: await cluster.certificate('eve', ['guests']) } },
    ])
    const whoami = (context: string): Promise<string> =>
      cluster.kubectl([
        '--kubeconfig',
        path,
        '--context',
        context,
        'auth',
        'whoami',
        '-o',
        'jsonpath={.status.userInfo}',
      ])
    expect(await whoami('reader')).toContain(`system:serviceaccount:${namespace}:reader`)
    expect(await whoami('eve')).toMatch(/guests.*"username":"eve"/)
  })
})

describe('life of a cluster', () => {
  test('two side by side know nothing of each other, and stop leaves nothing', async () => {
    const other = await startCluster({ nodes: 1, controllers: false })
    await other.kubectl(['create', 'namespace', 'only-here'])
    await expect(cluster.kubectl(['get', 'namespace', 'only-here'])).rejects.toThrow('NotFound')
    await expect(
      other.kubectl(['--kubeconfig', cluster.kubeconfig, '--server', other.url, 'get', 'ns']),
    ).rejects.toThrow()
    const pids = programsOf(other.dir)
    expect(pids.length).toBeGreaterThanOrEqual(3)
    await other.stop()
    expect(programsOf(other.dir)).toEqual([])
    expect(existsSync(other.dir)).toBe(false)
  })

  test('the API server restarts on the same port', async () => {
    await cluster.stopApiServer()
    await expect(cluster.kubectl(['get', 'nodes', '--request-timeout=2s'])).rejects.toThrow()
    await cluster.startApiServer()
    expect(await cluster.kubectl(['get', 'namespace', namespace])).toContain('Active')
  })

  test('nothing outlives a parent that is killed', async () => {
    const index = new URL('../src/index.ts', import.meta.url).href
    const script = `import { startCluster } from '${index}'
      const { dir } = await startCluster({ nodes: 1, controllers: false }); console.log(dir); setInterval(() => {}, 1e6)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [dir] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
    expect(programsOf(dir).length).toBeGreaterThanOrEqual(3)
    parent.kill('SIGKILL')
    await eventually(
      'programs and folder are gone',
      async () => programsOf(dir).length === 0 && !existsSync(dir),
    )
  })
})

describe('binaries', () => {
  test('with neither Go nor programs, one message says what to install', async () => {
    const nowhere = fileURLToPath(new URL('./no-such-cache', import.meta.url))
    const message = ensureBinaries({ env: { PATH: '/nonexistent', XDG_CACHE_HOME: nowhere } })
    await expect(message).rejects.toThrow(/install Go.*GATEHOUSE_TEST_BIN.*TEST_KUBECONFIG/s)
    expect(existsSync(nowhere)).toBe(false)
  })

  test('a folder that lacks some says which', async () => {
    const folder = fileURLToPath(new URL('.', import.meta.url))
    await expect(ensureBinaries({ env: { GATEHOUSE_TEST_BIN: folder } })).rejects.toThrow(/lacks etcd, kwok/)
  })

  test('the Go modules pin the versions we name', () => {
    const modules = {
      kubernetes: 'k8s.io/kubernetes',
      etcd: 'go.etcd.io/etcd/server/v3',
      kwok: 'sigs.k8s.io/kwok',
      helm: 'helm.sh/helm/v4',
    }
    for (const [name, path] of Object.entries(modules)) {
      const mod = readFileSync(new URL(`../go/${name}/go.mod`, import.meta.url), 'utf8')
      expect(mod).toContain(`${path} ${VERSIONS[name as keyof typeof VERSIONS]}`)
    }
  })
})
