import { createHash } from 'node:crypto'

const WORKLOADS = ['frontend', 'catalog', 'cart', 'checkout', 'payments', 'invoices', 'search', 'importer']
const HOUR = 3_600_000

/** A pod as production has them, about 6 kB of JSON: two containers, probes, resources and many settings. */
export function loadPod(index: number, namespace: string, nodes: string[]): object {
  const app = WORKLOADS[index % WORKLOADS.length] ?? 'frontend'
  const hash = digest(app, 10)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${hash}-${digest(`${namespace}/${index}`, 5)}-${index}`,
      namespace,
      labels: {
        app,
        'app.kubernetes.io/name': app,
        'app.kubernetes.io/part-of': 'load',
        'pod-template-hash': hash,
      },
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9090',
        'checksum/config': digest(`config/${app}`, 64),
      },
    },
    spec: {
      nodeName: nodes[index % nodes.length],
      containers: [container(app, `registry.example.com/load/${app}:1.${index % 7}.0`, 8080, 13), sidecar()],
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
        { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
      ],
    },
  }
}

const sidecar = (): object => container('proxy', 'registry.example.com/mesh/proxy:3.1.4', 15_001, 6)

function container(name: string, image: string, port: number, settings: number): object {
  const probe = { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 10, failureThreshold: 3 }
  return {
    name,
    image,
    args: ['--config=/etc/app/config.yaml', `--listen=:${port}`, '--log-format=json'],
    ports: [
      { name: 'http', containerPort: port },
      { name: 'metrics', containerPort: 9090 + (port % 10) },
    ],
    env: Array.from({ length: settings }, (_, index) => ({
      name: `${name.toUpperCase()}_SETTING_${index}`,
      value: `https://service-${index}.example.com/${digest(`${name}${index}`, 24)}`,
    })),
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    livenessProbe: probe,
    readinessProbe: { ...probe, initialDelaySeconds: 2 },
  }
}

/** What happens in a busy namespace: few reasons, said again and again about many pods. */
const HAPPENINGS = [
  { type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' },
  {
    type: 'Warning',
    reason: 'Unhealthy',
    message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
  },
  { type: 'Warning', reason: 'FailedScheduling', message: '0/3 nodes are available: 3 Insufficient cpu.' },
  { type: 'Normal', reason: 'Pulled', message: 'Container image already present on machine' },
  { type: 'Normal', reason: 'Started', message: 'Started container' },
]

/** One of many events over the last hour about one of 120 pods. */
export function loadEvent(index: number, nodes: string[]): object {
  const { type, reason, message } = HAPPENINGS[index % HAPPENINGS.length] ?? {
    type: 'Normal',
    reason: '',
    message: '',
  }
  const time = new Date(Date.now() - ((index * 7919) % HOUR)).toISOString().replace(/\.\d+Z$/, 'Z')
  const app = WORKLOADS[index % WORKLOADS.length] ?? 'frontend'
  const host = nodes[index % nodes.length]
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `load-${index}`, namespace: 'events' },
    involvedObject: {
      kind: 'Pod',
      namespace: 'events',
      name: `${app}-${digest(app, 10)}-${index % 120}`,
      apiVersion: 'v1',
    },
    type,
    reason,
    message: `${message} ${app}`,
    source: { component: 'kubelet', host },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1 + (index % 9),
  }
}

const digest = (value: string, length: number): string =>
  createHash('sha256').update(value).digest('hex').slice(0, length)
