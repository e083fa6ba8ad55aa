import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import {
  attach,
  type ClusterAddress,
  type ClusterHandle,
  kubectlWith,
  namespaceTools,
} from './cluster/handle.ts'

/** What the vitest process answers a test process: the shared cluster, or why there is none. */
export type SharedAnswer = { address: ClusterAddress } | { existing: string } | { error: string }

declare module 'vitest' {
  interface ProvidedContext {
    /** The loopback port on which the vitest process answers; see vitest-cluster.ts. */
    gatehouseClusterPort: number
  }
}

let shared: Promise<ClusterHandle> | undefined

/**
 * The one cluster all test files of a run share, started at the first call. Keep to namespaces of your own
 * (`freshNamespace()`); a test that stops the API server or counts nodes starts a cluster of its own.
 */
export function sharedCluster(): Promise<ClusterHandle> {
  shared ??= ask().then((answer) => {
    if ('error' in answer) throw new Error(answer.error)
    return 'address' in answer ? attach(answer.address) : existingCluster(answer.existing)
  })
  return shared
}

async function ask(): Promise<SharedAnswer> {
  // Loaded here because vitest refuses to be imported outside a test run, where the rest of this package is used.
  const { inject } = await import('vitest')
  const port: number | undefined = inject('gatehouseClusterPort')
  if (!port) throw new Error('vitest.config.ts must name shared/testing/src/vitest-cluster.ts in globalSetup')
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return JSON.parse(await text(socket)) as SharedAnswer
}

/** `TEST_KUBECONFIG`: what needs our own control plane says so instead of pretending. */
async function existingCluster(kubeconfig: string): Promise<ClusterHandle> {
  const kubectl = kubectlWith(await findKubectl(), kubeconfig)
  const config = JSON.parse(await kubectl(['config', 'view', '--minify', '--output', 'json'])) as {
    clusters: { cluster: { server: string } }[]
  }
  const missing = (what: string) => (): Promise<never> =>
    Promise.reject(new Error(`${what} needs the built test cluster: unset TEST_KUBECONFIG for this test`))
  return {
    ...namespaceTools(kubectl),
    kubectl,
    kubeconfig,
    url: config.clusters[0]?.cluster.server ?? '',
    dir: '',
    bin: '',
    audit: missing('audit()'),
    writeLog: missing('writeLog()'),
    writeKubeconfig: missing('writeKubeconfig()'),
    certificate: missing('certificate()'),
  }
}

async function findKubectl(): Promise<string> {
  const folders = [process.env.GATEHOUSE_TEST_BIN ?? '', ...(process.env.PATH ?? '').split(delimiter)]
  for (const folder of folders.filter(Boolean)) {
    const program = join(folder, 'kubectl')
    if (
      await access(program).then(
        () => true,
        () => false,
      )
    )
      return program
  }
  throw new Error('TEST_KUBECONFIG is set, but there is no kubectl in GATEHOUSE_TEST_BIN or PATH')
}
