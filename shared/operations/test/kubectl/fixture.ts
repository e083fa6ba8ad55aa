import { Clusters } from '@gatehouse/kubernetes'
import { createSanitizer } from '@gatehouse/sanitizer'
import { createMetrics } from '@gatehouse/telemetry'
import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'

const WORKLOADS = (namespace: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace}, labels: { app: web, tier: front } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "nginx:1.26", env: [{ name: LEVEL, value: info }, { name: OLD, value: "1" }] }
        - { name: sidecar, image: "envoy:1.30" }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: ${namespace} }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: pg, image: "postgres:15" }] } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: ${namespace} }
spec:
  schedule: "0 3 * * *"
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: job, image: "busybox:1" }] } } } }
---
apiVersion: v1
kind: Pod
metadata: { name: solo, namespace: ${namespace}, labels: { app: solo }, annotations: { note: first } }
spec: { containers: [{ name: main, image: "busybox:1" }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: ${namespace} }
data: { level: info }
---
apiVersion: v1
kind: Secret
metadata: { name: vault, namespace: ${namespace} }
stringData: { password: hunter2-hunter2-hunter2 }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${namespace} }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`

export interface Shop {
  handle: ClusterHandle
  clusters: Clusters
  namespace: string
}

/** A namespace with one object of each kind that kubectl commands are about. */
export async function shop(): Promise<Shop> {
  const handle = await sharedCluster()
  const namespace = await handle.freshNamespace('kubectl')
  await handle.apply(WORKLOADS(namespace))
  const sanitizer = createSanitizer({ key: 'kubectl-test-key' })
  const clusters = new Clusters({ kubeconfig: handle.kubeconfig, sanitizer, metrics: createMetrics() })
  return { handle, clusters, namespace }
}
