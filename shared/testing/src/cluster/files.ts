import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Certificate,
  clientCertificate,
  createAuthority,
  serverCertificate,
  serviceAccountKeys,
} from './certificates.ts'
import { kubeconfig } from './kubeconfig.ts'

const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
}

/** Who the parts of the control plane are; RBAC knows these names. */
const CLIENTS = {
  admin: { user: 'test-admin', groups: ['system:masters'] },
  'kube-controller-manager': { user: 'system:kube-controller-manager' },
  'kube-scheduler': { user: 'system:kube-scheduler' },
  kwok: { user: 'kwok', groups: ['system:masters'] },
  kubelet: { user: 'kube-apiserver-kubelet-client', groups: ['system:masters'] },
}

/** Creates the folder of a cluster: certificates, keys, kubeconfigs, audit policy. */
export async function prepareFolder(url: string, hosts: string[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-cluster-'))
  for (const name of ['pki', 'logs', 'home', 'rootfs', 'kubeconfigs', 'pod-logs'])
    await mkdir(join(dir, name))
  const authority = createAuthority()
  const accounts = serviceAccountKeys()
  const server = serverCertificate(authority, 'kube-apiserver', hosts)
  const node = serverCertificate(authority, 'kwok', ['127.0.0.1', 'localhost'])
  await Promise.all([
    writePair(dir, 'ca', authority),
    writePair(dir, 'apiserver', server),
    writePair(dir, 'node', node),
    writeSecret(dir, 'pki/sa.key', accounts.key),
    writeSecret(dir, 'pki/sa.pub', accounts.pub),
    writeSecret(dir, 'audit-policy.json', JSON.stringify(AUDIT_POLICY)),
    ...Object.entries(CLIENTS).map(async ([name, subject]) => {
      const client = clientCertificate(authority, subject)
      await writePair(dir, name, client)
      const user = { certificate: client }
      const text = kubeconfig(authority.cert, url, [{ name: 'gatehouse-test', user }])
      await writeSecret(dir, name === 'admin' ? 'kubeconfig' : `kubeconfigs/${name}`, text)
    }),
  ])
  return dir
}

async function writePair(dir: string, name: string, pair: Certificate): Promise<void> {
  await writeSecret(dir, `pki/${name}.crt`, pair.cert)
  await writeSecret(dir, `pki/${name}.key`, pair.key)
}

const writeSecret = (dir: string, name: string, content: string): Promise<void> =>
  writeFile(join(dir, name), content, { mode: 0o600 })
