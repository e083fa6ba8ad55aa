import { join } from 'node:path'

/** The ports of one cluster, all on loopback. */
export type Ports = { etcd: number; peer: number; api: number; node: number }

export const etcdFlags = (dir: string, ports: Ports): string[] => [
  `--data-dir=${join(dir, 'etcd')}`,
  `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
  `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
  `--listen-peer-urls=http://127.0.0.1:${ports.peer}`,
  `--initial-advertise-peer-urls=http://127.0.0.1:${ports.peer}`,
  `--initial-cluster=default=http://127.0.0.1:${ports.peer}`,
  '--log-level=warn',
  // Nothing here needs to survive a power cut, and waiting for the disk is most of the start time.
  '--unsafe-no-fsync',
]

/** Flags of the API server; without controllers nobody makes service accounts or removes taints. */
export function apiServerFlags(dir: string, ports: Ports, controllers: boolean): string[] {
  const pki = (name: string): string => join(dir, 'pki', name)
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.api}`,
    // The Service "kubernetes" gets no endpoint: the API server refuses to publish a loopback address.
    '--advertise-address=192.0.2.1',
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=Node,RBAC',
    `--client-ca-file=${pki('ca.crt')}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    `--kubelet-client-certificate=${pki('kubelet.crt')}`,
    `--kubelet-client-key=${pki('kubelet.key')}`,
    `--kubelet-certificate-authority=${pki('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki('sa.pub')}`,
    `--service-account-signing-key-file=${pki('sa.key')}`,
    `--audit-policy-file=${join(dir, 'audit-policy.json')}`,
    `--audit-log-path=${join(dir, 'audit-events.jsonl')}`,
    // Rotation would lose entries that a test still wants to count.
    '--audit-log-maxsize=4096',
    '--allow-privileged=true',
    '--profiling=false',
    ...(controllers ? [] : ['--disable-admission-plugins=ServiceAccount,TaintNodesByCondition']),
  ]
}

export const controllerManagerFlags = (dir: string): string[] => [
  `--kubeconfig=${join(dir, 'kubeconfigs', 'kube-controller-manager')}`,
  '--leader-elect=false',
  '--secure-port=0',
  '--use-service-account-credentials',
  `--service-account-private-key-file=${join(dir, 'pki', 'sa.key')}`,
  `--root-ca-file=${join(dir, 'pki', 'ca.crt')}`,
  `--cluster-signing-cert-file=${join(dir, 'pki', 'ca.crt')}`,
  `--cluster-signing-key-file=${join(dir, 'pki', 'ca.key')}`,
  // The defaults (20, 30) make a fixture of thousands of pods take minutes.
  '--kube-api-qps=200',
  '--kube-api-burst=400',
]

export const schedulerFlags = (dir: string): string[] => [
  `--kubeconfig=${join(dir, 'kubeconfigs', 'kube-scheduler')}`,
  '--leader-elect=false',
  '--secure-port=0',
  '--kube-api-qps=200',
  '--kube-api-burst=400',
]

export const kwokFlags = (dir: string, ports: Ports): string[] => [
  `--kubeconfig=${join(dir, 'kubeconfigs', 'kwok')}`,
  `--config=${join(dir, 'kwok.yaml')}`,
  '--manage-all-nodes',
  // Without leases the nodes turn NotReady after a minute and every pod on them unready.
  '--node-lease-duration-seconds=40',
  '--node-ip=127.0.0.1',
  `--node-port=${ports.node}`,
  `--server-address=127.0.0.1:${ports.node}`,
  `--tls-cert-file=${join(dir, 'pki', 'node.crt')}`,
  `--tls-private-key-file=${join(dir, 'pki', 'node.key')}`,
  '--cidr=10.244.0.0/16',
  '--enable-crds=Logs',
]
