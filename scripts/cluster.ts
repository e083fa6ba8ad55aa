import { parseArgs } from 'node:util'
import { applyDemo, startCluster } from '../shared/testing/src/index.ts'

const HELP = `npm run cluster -- [--listen ADDRESS] [--empty]

Starts a Kubernetes control plane on loopback with a small demo workload and keeps it until Ctrl-C.

  --listen ADDRESS  also answer on this address of the machine (for containers: the one of the Docker bridge)
  --empty           no demo workload
  --help            this text

The first start builds Kubernetes with Go, about eight minutes; GATEHOUSE_TEST_BIN names a folder of ready programs.
`

const { values } = parseArgs({
  options: { listen: { type: 'string' }, empty: { type: 'boolean' }, help: { type: 'boolean' } },
})
if (values.help) process.stdout.write(HELP)
else {
  await serve().catch((error: unknown) => {
    // One message, no stack: what usually fails is that Go is missing, and the message says what to do.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}

async function serve(): Promise<void> {
  // Before the start, so that a Ctrl-C during it is not lost: whoever waits for it is the watchdog.
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve)
  })
  const starting = start()
  const cluster = await Promise.race([starting, stopped])
  if (!cluster) process.exit(130)
  // Keeps the process alive: nothing else here does, and an unsettled promise alone would end it.
  const alive = setInterval(() => {}, 1_000_000)
  await stopped
  clearInterval(alive)
  process.stdout.write('\nstopping …\n')
  await cluster.stop()
}

async function start(): ReturnType<typeof startCluster> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`)
  const cluster = await startCluster({ log, ...(values.listen && { listen: values.listen }) })
  if (!values.empty) await applyDemo(cluster)
  process.stdout.write(
    [
      '',
      `export KUBECONFIG=${cluster.kubeconfig}`,
      '',
      'Try, in another terminal:',
      `  KUBECONFIG=${cluster.kubeconfig} npm start`,
      `  KUBECONFIG=${cluster.kubeconfig} ${cluster.bin}/kubectl get pods --all-namespaces`,
      '',
      'Ctrl-C stops it and leaves nothing behind.',
      '',
    ].join('\n'),
  )
  return cluster
}
