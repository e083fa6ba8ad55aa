import { readFileSync } from 'node:fs'

/** What a bare client needs to speak to a cluster exactly as the servers do. */
export interface Access {
  server: string
  ca: string
  cert: string
  key: string
}

interface Entry {
  name: string
  cluster?: { server: string; 'certificate-authority-data'?: string }
  user?: { 'client-certificate-data'?: string; 'client-key-data'?: string }
}

/** The cluster of a kubeconfig that startCluster wrote: JSON, one context, client certificate inside. */
export function readAccess(file: string): Access {
  const config = JSON.parse(readFileSync(file, 'utf8')) as { clusters: Entry[]; users: Entry[] }
  const cluster = config.clusters[0]?.cluster
  const user = config.users[0]?.user
  const ca = cluster?.['certificate-authority-data']
  const cert = user?.['client-certificate-data']
  const key = user?.['client-key-data']
  if (!cluster || !ca || !cert || !key) {
    throw new Error(`${file}: the benchmark needs a kubeconfig as "npm run cluster" writes it`)
  }
  return { server: cluster.server, ca: plain(ca), cert: plain(cert), key: plain(key) }
}

/** A kubeconfig whose further contexts lead to servers that do not answer. */
export function kubeconfigText(access: Access, dead: Record<string, string>): string {
  const servers = { bench: access.server, ...dead }
  const names = Object.keys(servers)
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bench',
    clusters: Object.entries(servers).map(([name, server]) => ({
      name,
      cluster: {
        server,
        // What hangs must hang for its own reason, not for a certificate.
        ...(name === 'bench'
          ? { 'certificate-authority-data': encoded(access.ca) }
          : { 'insecure-skip-tls-verify': true }),
      },
    })),
    users: [
      {
        name: 'bench',
        user: {
          'client-certificate-data': encoded(access.cert),
          'client-key-data': encoded(access.key),
        },
      },
    ],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: 'bench' } })),
  })
}

const plain = (data: string): string => Buffer.from(data, 'base64').toString()
const encoded = (data: string): string => Buffer.from(data).toString('base64')
