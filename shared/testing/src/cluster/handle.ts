import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connectApi } from './api.ts'
import { type AuditEntry, readAudit } from './audit.ts'
import { clientCertificate, readAuthority } from './certificates.ts'
import { eventually } from './eventually.ts'
import { type ContextSpec, kubeconfig as kubeconfigText } from './kubeconfig.ts'
import { type LogOptions, writeLog } from './logs.ts'

/** What another process needs to use a running cluster. */
export type ClusterAddress = { dir: string; url: string; bin: string; kubeconfig: string }

/** A running cluster as tests use it; who started it can also stop it. */
export type ClusterHandle = ClusterAddress & {
  /** Runs the built kubectl as administrator; rejects with its message when it fails. */
  kubectl: (args: string[], stdin?: string) => Promise<string>
  /** Server-side apply of YAML with any number of documents. */
  apply: (yaml: string) => Promise<void>
  /** Every request so far, from the audit log at level Metadata. */
  audit: () => Promise<AuditEntry[]>
  /** Sets the whole log of a container; binary and very long lines are fine. */
  writeLog: (
    namespace: string,
    pod: string,
    container: string,
    content: string | Buffer,
    options?: LogOptions,
  ) => Promise<void>
  /** Writes a kubeconfig with other users, contexts or servers and returns its path. */
  writeKubeconfig: (name: string, contexts: ContextSpec[]) => Promise<string>
  /** A client certificate that this cluster trusts, for `writeKubeconfig`. */
  certificate: (user: string, groups?: string[]) => Promise<{ cert: string; key: string }>
  token: (serviceAccount: string, namespace: string) => Promise<string>
  /** A new namespace in which pods can be created at once. */
  freshNamespace: (prefix?: string) => Promise<string>
}

/** A handle on a cluster that was started here or in another process. */
export async function attach(address: ClusterAddress): Promise<ClusterHandle> {
  const { dir, url, bin, kubeconfig } = address
  const api = await connectApi(dir, url)
  const pki = (name: string): Promise<string> => readFile(join(dir, 'pki', name), 'utf8')
  const kubectl = kubectlWith(join(bin, 'kubectl'), kubeconfig, join(dir, 'home', 'kubectl-cache'))
  return {
    ...address,
    ...namespaceTools(kubectl),
    kubectl,
    audit: () => readAudit(dir),
    writeLog: (namespace, pod, container, content, options) =>
      writeLog(dir, api, { namespace, pod, container }, content, options),
    writeKubeconfig: async (name, contexts) => {
      const path = join(dir, 'kubeconfigs', name)
      await writeFile(path, kubeconfigText(await pki('ca.crt'), url, contexts), { mode: 0o600 })
      return path
    },
    certificate: async (user, groups) => {
      const { cert, key } = clientCertificate(readAuthority(await pki('ca.crt'), await pki('ca.key')), {
        user,
        ...(groups && { groups }),
      })
      return { cert, key }
    },
  }
}

type Kubectl = ClusterHandle['kubectl']

/** The parts that need nothing but kubectl, and so work on any cluster. */
export function namespaceTools(kubectl: Kubectl): Pick<ClusterHandle, 'apply' | 'token' | 'freshNamespace'> {
  return {
    apply: (yaml) => applyWhenPossible(kubectl, yaml),
    token: async (serviceAccount, namespace) =>
      (await kubectl(['create', 'token', serviceAccount, '--namespace', namespace])).trim(),
    freshNamespace: async (prefix = 'test') => {
      const name = `${prefix}-${randomBytes(4).toString('hex')}`
      await kubectl(['create', 'namespace', name])
      await eventually(`default service account in ${name}`, async () => {
        await kubectl(['get', 'serviceaccount', 'default', '--namespace', name])
        return true
      })
      return name
    },
  }
}

/** A custom resource beside its definition, or a pod beside its namespace, is refused for the first second. */
const NOT_YET = /no matches for kind|serviceaccount "default" not found|error looking up service account/

async function applyWhenPossible(kubectl: Kubectl, yaml: string): Promise<void> {
  for (const deadline = Date.now() + 15_000; ; ) {
    try {
      await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], yaml)
      return
    } catch (error) {
      if (Date.now() > deadline || !NOT_YET.test(String(error))) throw error
      await pause(250)
    }
  }
}

/** kubectl bound to one kubeconfig, with its discovery cache where it goes away with the cluster. */
export function kubectlWith(program: string, kubeconfig: string, cache?: string): Kubectl {
  return (args, stdin) =>
    new Promise((resolve, reject) => {
      const env = {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        KUBECONFIG: kubeconfig,
        ...(cache && { KUBECACHEDIR: cache }),
      }
      const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
      const out: Buffer[] = []
      const err: Buffer[] = []
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
      child.on('error', reject)
      child.on('close', (code) => {
        if (code === 0) resolve(Buffer.concat(out).toString())
        else reject(new Error(`kubectl ${args.join(' ')} (${code}): ${Buffer.concat(err).toString().trim()}`))
      })
      child.stdin.on('error', () => {})
      child.stdin.end(stdin)
    })
}
