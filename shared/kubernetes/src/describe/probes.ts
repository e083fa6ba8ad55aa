import type { Container, Probe } from './shapes.ts'

/** `http-get :8080/healthz every 10s, 3 failures` */
export function probeText(probe: Probe): string {
  const {
    httpGet,
    tcpSocket,
    grpc,
    exec,
    periodSeconds = 10,
    failureThreshold = 3,
    timeoutSeconds = 1,
  } = probe
  const what = httpGet
    ? `http-get :${httpGet.port}${httpGet.path ?? '/'}`
    : tcpSocket
      ? `tcp :${tcpSocket.port}`
      : grpc
        ? `grpc :${grpc.port}`
        : `exec ${(exec?.command ?? []).join(' ').slice(0, 80)}`
  return `${what} every ${periodSeconds}s, timeout ${timeoutSeconds}s, ${failureThreshold} failures`
}

/** A probe that asks a port the container does not name among its ports: mostly a typing mistake in one of the two. */
export function probePortFinding(
  container: Container,
  kind: 'readiness' | 'liveness' | 'startup',
): string | undefined {
  const probe = container[`${kind}Probe`]
  const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port
  const ports = container.ports ?? []
  if (port === undefined || ports.length === 0) return undefined
  if (ports.some((one) => one.containerPort === port || one.name === port)) return undefined
  const declared = ports.map((one) =>
    one.name ? `${one.containerPort} (${one.name})` : `${one.containerPort}`,
  )
  return `its ${kind}Probe asks port ${port}, but the container declares only ${declared.join(', ')}`
}
