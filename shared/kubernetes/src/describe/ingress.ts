import { didYouMean, nearest } from '@gatehouse/errors'
import type { KubeObject } from '../client/cluster.ts'
import type { Explained, Subject } from './description.ts'
import { kinds } from './kinds.ts'
import type { Backend, EndpointSlice, Ingress, Service } from './shapes.ts'

interface Around {
  services: readonly Service[] | undefined
  slices: readonly EndpointSlice[] | undefined
}

/** An Ingress: its routes, and whether the Services, ports and certificates they name exist. */
export async function describeIngress({ object, namespace, reader }: Subject<Ingress>): Promise<Explained> {
  const { spec = {}, status } = object
  const certificates = [
    ...new Set((spec.tls ?? []).flatMap((one) => (one.secretName ? [one.secretName] : []))),
  ]
  const [services, slices, classes, ...secrets] = await Promise.all([
    reader.list<Service>(kinds.services, namespace),
    reader.list<EndpointSlice>(kinds.endpointSlices, namespace),
    reader.list<KubeObject>(kinds.ingressClasses, undefined),
    ...certificates.map((name) => reader.get<KubeObject>(kinds.secrets, namespace, name)),
  ])
  const routes = routesOf(spec).map((route) => ({
    ...route,
    problem: problemOf(route.backend, { services, slices }),
  }))
  const address = status?.loadBalancer?.ingress?.map((one) => one.ip ?? one.hostname)
  const wantedClass = spec.ingressClassName
  const unknownClass = wantedClass && classes && !classes.some((one) => one.metadata.name === wantedClass)
  return {
    facts: {
      class: wantedClass ?? 'none',
      address: address ?? 'none',
      routes: routes.map(
        ({ from, backend, problem }) => `${from} → ${backendText(backend)}${problem ? ' (broken)' : ''}`,
      ),
      tls: spec.tls?.map(
        ({ secretName, hosts = [] }) => `${hosts.join(', ') || 'all hosts'}: Secret ${secretName ?? 'none'}`,
      ),
    },
    findings: [
      ...routes.flatMap(({ from, problem }) => (problem ? [`Route ${from}: ${problem}`] : [])),
      ...certificates.flatMap((name, index) =>
        secrets[index] === undefined
          ? [`TLS Secret "${name}" does not exist, so its hosts get no certificate of their own`]
          : [],
      ),
      ...(unknownClass ? [`There is no IngressClass "${wantedClass}", so no controller serves it`] : []),
      ...(address?.length ? [] : ['Has no address: no ingress controller has taken it up']),
    ],
  }
}

function routesOf(spec: NonNullable<Ingress['spec']>): { from: string; backend: Backend }[] {
  const routes = (spec.rules ?? []).flatMap(({ host = '*', http }) =>
    (http?.paths ?? []).map(({ path = '/', backend = {} }) => ({ from: `${host}${path}`, backend })),
  )
  return spec.defaultBackend ? [...routes, { from: 'default', backend: spec.defaultBackend }] : routes
}

function backendText({ service, resource }: Backend): string {
  if (service) return `Service ${service.name}:${service.port?.name ?? service.port?.number ?? '?'}`
  return `${resource?.kind ?? 'nothing'} ${resource?.name ?? ''}`.trim()
}

function problemOf({ service }: Backend, { services, slices }: Around): string | undefined {
  if (!service || !services) return undefined
  const found = services.find((one) => one.metadata.name === service.name)
  if (!found) {
    const near = nearest(
      service.name,
      services.map((one) => one.metadata.name),
    )
    return `there is no Service "${service.name}"${didYouMean(near)}`
  }
  const wanted = service.port?.name ?? service.port?.number
  const ports = found.spec?.ports ?? []
  if (wanted !== undefined && !ports.some((one) => one.name === wanted || one.port === wanted)) {
    const has = ports.map((one) => (one.name ? `${one.port} (${one.name})` : one.port)).join(', ') || 'none'
    return `Service ${service.name} has no port ${wanted}; it has ${has}`
  }
  const own = slices?.filter((one) => one.metadata.labels?.['kubernetes.io/service-name'] === service.name)
  const ready = own?.some((slice) => slice.endpoints?.some((one) => one.conditions?.ready !== false))
  return ready === false && found.spec?.type !== 'ExternalName'
    ? `Service ${service.name} has no ready endpoint: describe it`
    : undefined
}
