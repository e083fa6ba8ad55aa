import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'

interface Entry {
  name?: string
  cluster?: { server?: string; 'certificate-authority'?: string }
  user?: {
    exec?: { command?: string }
    'auth-provider'?: { name?: string }
    'client-certificate'?: string
    'client-key'?: string
    tokenFile?: string
  }
  context?: { cluster?: string; user?: string }
}

interface Document {
  'current-context'?: string
  clusters?: Entry[]
  users?: Entry[]
  contexts?: Entry[]
}

/**
 * What in a kubeconfig cannot work inside a container, each with what to do about it. Only the context that will be
 * used is looked at; a file that cannot be read as YAML is left to the server, which says so itself.
 */
export function adviceFor(file: string, wanted: string | undefined, platform: string): string[] {
  const document = parse(file)
  if (!document) return []
  const name = wanted || document['current-context']
  const context = find(document.contexts, name)?.context
  const cluster = find(document.clusters, context?.cluster)?.cluster
  const user = find(document.users, context?.user)?.user
  const advice: string[] = []
  const server = cluster?.server ?? ''
  if (isLoopback(server)) advice.push(loopback(name ?? '', context?.cluster ?? '', server, platform))
  const plugin = user?.exec?.command ?? user?.['auth-provider']?.name
  if (plugin) advice.push(credentialPlugin(plugin))
  const files = [
    cluster?.['certificate-authority'],
    user?.['client-certificate'],
    user?.['client-key'],
    user?.tokenFile,
  ]
  const outside = files.find((one) => one !== undefined && (one.startsWith('/') || one.startsWith('..')))
  if (outside) advice.push(flatten(outside))
  return advice
}

// The file is not rewritten for the reader: a copy of its credentials would go stale, and be one more to protect.
function loopback(context: string, cluster: string, server: string, platform: string): string {
  const { port, protocol } = new URL(server)
  const inside = `${protocol}//host.docker.internal${port ? `:${port}` : ''}`
  const reach =
    platform === 'linux'
      ? '\n  On Linux the API server must also listen on the address of the Docker bridge (ip -4 addr show docker0), or, with' +
        '\n  kind: kind get kubeconfig --internal, and connect the container: docker network connect kind gatehouse-k8s-mcp-1.'
      : ''
  return (
    `The context "${context}" points at ${server}: inside the container that is the container itself.\n` +
    '  Easiest: "npm start" instead, which runs on this machine. Or give the container an address it can reach:\n' +
    `  (umask 077; kubectl config view --raw --flatten --minify --context ${quote(context)} > ~/.kube/gatehouse)\n` +
    `  kubectl --kubeconfig ~/.kube/gatehouse config set-cluster ${quote(cluster)} --server ${inside} --tls-server-name localhost\n` +
    `  KUBECONFIG=~/.kube/gatehouse npm run up${reach}`
  )
}

function credentialPlugin(plugin: string): string {
  return (
    `This context logs in with the program "${plugin}", which is not in the image.\n` +
    '  Use "npm start", or a kubeconfig with a service account token: deploy/rbac/README.md shows how to make one.'
  )
}

function flatten(file: string): string {
  return (
    `The kubeconfig refers to ${file}, which is not in the mounted folder. Put it into one file:\n` +
    '  (umask 077; kubectl config view --raw --flatten > ~/.kube/gatehouse) && KUBECONFIG=~/.kube/gatehouse npm run up'
  )
}

export function isLoopback(server: string): boolean {
  if (!URL.canParse(server)) return false
  const { hostname } = new URL(server)
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(hostname)
}

function parse(file: string): Document | undefined {
  try {
    const document = load(readFileSync(file, 'utf8'))
    return document !== null && typeof document === 'object' ? (document as Document) : undefined
  } catch {
    return undefined
  }
}

function find(entries: Entry[] | undefined, name: string | undefined): Entry | undefined {
  return Array.isArray(entries) ? entries.find((entry) => entry.name === name) : undefined
}

function quote(word: string): string {
  return /^[\w.:@/-]+$/.test(word) ? word : `'${word}'`
}
