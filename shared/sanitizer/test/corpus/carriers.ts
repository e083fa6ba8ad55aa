import type { Planted } from './planted.ts'
import type { Random } from './random.ts'

/** A place in which text travels through Kubernetes: as it is printed and, where it is a field, as an object. */
export type Carrier = {
  name: string
  /** The planted text is written as a JSON string, which is a level of escaping. */
  json?: boolean
  text(planted: Planted, random: Random): string
  object?(planted: Planted): unknown
}

const indented = (text: string, by: string) => text.replaceAll('\n', `\n${by}`)
const placed = ({ text, lines }: Planted, by = '') => (lines ? `\n${by}${indented(text, by)}\n` : text)
const quoted = (text: string) => JSON.stringify(text)
const after = (random: Random) =>
  random.pick([' attempt=3', ', retrying', ' (attempt 2)', '', '\nnext line', ' took 12ms'])
const pod = (spec: object, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-7d9f8b6c5d-x2x4z', namespace: 'shop' },
  spec: { containers: [{ name: 'app', image: 'registry.example/app:v1.2.3', ...spec }] },
  ...more,
})

/** Twelve carriers. */
export const carriers: readonly Carrier[] = [
  {
    name: 'log line',
    text: (planted, random) => {
      const head = random.pick([
        '2026-11-21T10:00:00.123Z WARN  [worker-3] c.e.shop.Client - connecting with ',
        'I1121 10:00:00.123456       1 client.go:42] "Connecting" with ',
        '10:00:00 ERROR dial failed: ',
        'time="2026-11-21T10:00:00Z" level=error msg=failed detail: ',
      ])
      return `${head}${placed(planted)}${planted.lines ? '' : after(random)}`
    },
    object: (planted) => ({ rows: [{ time: '10:00:00', text: `connecting with ${placed(planted)}` }] }),
  },
  {
    name: 'JSON log line',
    json: true,
    text: (planted, random) =>
      JSON.stringify({
        level: 'warn',
        msg: `connecting: ${placed(planted)}${planted.lines ? '' : after(random)}`,
        n: 1,
      }),
  },
  {
    name: 'event',
    text: (planted, random) =>
      `Warning  Failed  2m (x7 over 9m)  kubelet  Error: failed to start: ${placed(planted)}${planted.lines ? '' : after(random)}`,
    object: (planted) => ({
      kind: 'Event',
      reason: 'Failed',
      involvedObject: { kind: 'Pod', name: 'web-1' },
      message: `Error: failed to start: ${placed(planted)}`,
      count: 7,
    }),
  },
  {
    name: 'describe',
    text: (planted) =>
      `Containers:\n  app:\n    Image:  app:v1\n    Command:\n      sh\n      -c\n      ${indented(planted.text, '      ')}\n    State:  Running\n`,
  },
  {
    name: 'env entry',
    json: true,
    text: ({ text }) =>
      `    env:\n    - name: STARTUP\n      value: ${quoted(text)}\n    - name: LANG\n      value: C\n`,
    object: ({ text }) => pod({ env: [{ name: 'STARTUP', value: text }] }),
  },
  {
    name: 'annotation',
    json: true,
    text: ({ text }) => `  annotations:\n    example.com/note: ${quoted(text)}\n  labels:\n    app: web\n`,
    object: ({ text }) => ({
      kind: 'Service',
      metadata: { name: 'web', annotations: { 'example.com/note': text } },
    }),
  },
  {
    name: 'container args',
    json: true,
    text: ({ text }) => JSON.stringify({ command: ['sh', '-c'], args: [text, 'run'] }),
    object: ({ text }) => pod({ command: ['sh', '-c'], args: [text] }),
  },
  {
    name: 'termination message',
    text: (planted, random) =>
      `    Last State:  Terminated\n      Reason:    Error\n      Message:   panic: ${placed(planted, '      ')}${planted.lines ? '' : after(random)}\n      Exit Code: 1`,
    object: (planted) => ({
      kind: 'Pod',
      status: {
        containerStatuses: [
          { name: 'app', lastState: { terminated: { message: `panic: ${placed(planted)}` } } },
        ],
      },
    }),
  },
  {
    name: 'API server error',
    text: (planted, random) =>
      `Error from server (BadRequest): admission webhook "v.example" denied the request: ${placed(planted)}${planted.lines ? '' : after(random)}`,
    object: (planted) => ({
      kind: 'Status',
      status: 'Failure',
      code: 400,
      message: `denied: ${placed(planted)}`,
    }),
  },
  {
    name: 'YAML manifest',
    text: ({ text }) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\ndata:\n  start.conf: |\n    ${indented(text, '    ')}\n  other: x\n`,
    object: ({ text }) => ({
      kind: 'ConfigMap',
      metadata: { name: 'app' },
      data: { 'start.conf': `${text}\n` },
    }),
  },
  {
    name: 'diff hunk',
    text: ({ text }, random) => {
      const sign = random.pick(['+', '-'])
      return `@@ -1,3 +1,3 @@\n data:\n${sign}   ${indented(text, `${sign}   `)}\n   mode: x\n`
    },
  },
  {
    name: 'Helm values',
    json: true,
    text: ({ text }) => `image:\n  tag: v1\nextraConfig:\n  start: ${quoted(text)}\nreplicas: 3\n`,
    object: ({ text }) => ({ chart: 'web', values: { image: { tag: 'v1' }, extraConfig: { start: text } } }),
  },
]
