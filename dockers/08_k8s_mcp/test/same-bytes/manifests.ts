/** What the examples of the tools ask about, and lists in which entries tie or have no order of their own. */
export const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: storefront } }
---
apiVersion: v1
kind: Namespace
metadata: { name: imports }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: frontend, namespace: shop }
data: { theme: winter, password: hunter2-winter, z: "1", a: "2" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: tied-a, namespace: shop, labels: { b: "1", a: "2" } }
data: { token: abcdefgh12345678 }
---
apiVersion: v1
kind: Secret
metadata: { name: payment-api, namespace: shop }
stringData: { key: s3cr3t-value-one, same: s3cr3t-value-one, b: two-value-here, a: three-value-here }
---
apiVersion: v1
kind: Secret
metadata: { name: payment-copy, namespace: shop }
stringData: { key: s3cr3t-value-one }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: frontend, namespace: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: frontend } }
  template:
    metadata: { labels: { app: frontend } }
    spec:
      containers:
        - name: web
          image: nginx:1.29
          env: [{ name: DB_PASSWORD, value: hunter2-winter }, { name: LEVEL, value: info }]
          envFrom: [{ configMapRef: { name: frontend } }, { secretRef: { name: payment-api } }]
        - { name: side, image: envoy:1.31 }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: importer, namespace: imports }
spec:
  replicas: 2
  selector: { matchLabels: { app: importer } }
  template:
    metadata: { labels: { app: importer } }
    spec: { containers: [{ name: app, image: "importer:2" }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web, namespace: shop }
spec:
  serviceName: catalog
  replicas: 2
  selector: { matchLabels: { app: catalog } }
  template:
    metadata: { labels: { app: catalog } }
    spec:
      containers:
        - name: web
          image: nginx:1.29
          volumeMounts: [{ name: conf, mountPath: /etc/web }]
      volumes:
        - { name: conf, configMap: { name: frontend } }
        - { name: keys, secret: { secretName: payment-api } }
---
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80 }, { name: admin, port: 81 }] }
---
apiVersion: v1
kind: Service
metadata: { name: frontend, namespace: shop }
spec: { selector: { app: frontend }, ports: [{ port: 80 }] }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: shelves.same.example.org }
spec:
  group: same.example.org
  scope: Namespaced
  names: { kind: Shelf, plural: shelves, singular: shelf }
  versions:
    - name: v1
      served: true
      storage: true
      additionalPrinterColumns: [{ name: Colour, type: string, jsonPath: .spec.colour }]
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---
apiVersion: same.example.org/v1
kind: Shelf
metadata: { name: full, namespace: shop, annotations: { z: last, a: first } }
spec:
  colour: red
  books: { zebra: { pages: 3, apiToken: abcdefgh12345678 }, ant: { pages: 3 }, "10": { pages: 1 }, "9": { pages: 1 } }
  authors: [{ name: b, password: hunter2-winter }, { name: a }]
status: { conditions: [{ type: B, status: "True" }, { type: A, status: "True" }] }
---
apiVersion: same.example.org/v1
kind: Shelf
metadata: { name: tied-b, namespace: shop }
spec: { colour: blue }
---
apiVersion: same.example.org/v1
kind: Shelf
metadata: { name: tied-a, namespace: shop }
spec: { colour: blue }
`

const event = (name: string, seen: string, object: string, more: string) => `apiVersion: v1
kind: Event
metadata: { name: ${name}, namespace: shop }
involvedObject: { ${object}, namespace: shop }
source: { component: test }
firstTimestamp: "2026-11-01T00:00:00Z"
lastTimestamp: "${seen}"
${more}
---
`
const web = 'kind: Pod, name: web-1, apiVersion: v1'

/**
 * Events whose order does not depend on when one asks. The real ones are seconds old with fractions: printed as whole
 * seconds two of them are equal now and one apart a moment later, and all a list knows of an event is what is printed.
 */
export const events = [
  event(
    'b',
    '2026-11-03T00:00:00Z',
    web,
    'type: Warning\nreason: TiedB\nmessage: "token=abcdefgh12345678"\ncount: 2',
  ),
  event(
    'a',
    '2026-11-03T00:00:00Z',
    web,
    'type: Warning\nreason: TiedA\nmessage: "token=abcdefgh12345678"\ncount: 2',
  ),
  event('c', '2026-11-05T00:00:00Z', web, 'type: Normal\nreason: Pulled\nmessage: pulled nginx\ncount: 1'),
  ...['catalog', 'frontend'].map((name) =>
    event(
      `of-${name}`,
      '2026-11-05T00:00:00Z',
      `kind: Service, name: ${name}, apiVersion: v1`,
      'type: Normal\nreason: Seen\nmessage: seen\ncount: 1',
    ),
  ),
].join('')

const served = (plural: string, kind: string, scope: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.metrics.k8s.io, annotations: { api-approved.kubernetes.io: "unapproved, test" } }
spec:
  group: metrics.k8s.io
  scope: ${scope}
  names: { kind: ${kind}, plural: ${plural}, singular: ${kind.toLowerCase()} }
  versions: [{ name: v1beta1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }]
---
`

const usage = '{ cpu: 100m, memory: 10Mi }'

/** Usage of pods and nodes, all of it tied. */
export const measured = [
  served('pods', 'PodMetrics', 'Namespaced'),
  served('nodes', 'NodeMetrics', 'Cluster'),
  ...['web-1', 'web-0'].map(
    (name) => `apiVersion: metrics.k8s.io/v1beta1
kind: PodMetrics
metadata: { name: ${name}, namespace: shop }
containers: [{ name: web, usage: ${usage} }]
---
`,
  ),
  ...['node-2', 'node-1'].map(
    (name) => `apiVersion: metrics.k8s.io/v1beta1
kind: NodeMetrics
metadata: { name: ${name} }
usage: ${usage}
---
`,
  ),
].join('')
