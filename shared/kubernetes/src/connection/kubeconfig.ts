import { readFileSync } from 'node:fs'
import path from 'node:path'
import { GatehouseError } from '@gatehouse/errors'
import {
  type Cluster as ClusterEntry,
  type Context,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from '@kubernetes/client-node/dist/config_types.js'
import { load } from 'js-yaml'

/** What a kubeconfig says, merged over all its files. Holds credentials: never serialise it. */
export interface Kubeconfig {
  clusters: ClusterEntry[]
  users: User[]
  contexts: Context[]
  currentContext: string
}

interface Document {
  clusters?: unknown
  users?: unknown
  contexts?: unknown
  'current-context'?: unknown
}

/**
 * Reads and merges kubeconfig files; of two entries with one name the first wins, as in kubectl.
 * Throws KUBECONFIG_INVALID naming the file and the reason, never its content.
 */
export function readKubeconfig(files: string[]): Kubeconfig {
  const merged: Kubeconfig = { clusters: [], users: [], contexts: [], currentContext: '' }
  for (const file of files) {
    const one = parseKubeconfig(file)
    addMissing(merged.clusters, one.clusters)
    addMissing(merged.users, one.users)
    addMissing(merged.contexts, one.contexts)
    merged.currentContext ||= one.currentContext
  }
  if (merged.contexts.length === 0) throw invalid(files.join(', '), 'it names no context')
  return merged
}

// Only the parsers of client-node are imported: its KubeConfig class brings every generated model (80 MB).
function parseKubeconfig(file: string): Kubeconfig {
  const document = parseYaml(file)
  const base = path.dirname(file)
  try {
    const clusters = newClusters(listOf(document.clusters))
    const users = newUsers(listOf(document.users))
    for (const cluster of clusters) if (cluster.caFile) cluster.caFile = path.resolve(base, cluster.caFile)
    for (const user of users) {
      if (user.certFile) user.certFile = path.resolve(base, user.certFile)
      if (user.keyFile) user.keyFile = path.resolve(base, user.keyFile)
    }
    const contexts = newContexts(listOf(document.contexts))
    return { clusters, users, contexts, currentContext: String(document['current-context'] ?? '') }
  } catch (cause) {
    throw invalid(file, 'an entry has no name or lacks a required field', cause)
  }
}

function parseYaml(file: string): Document {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw invalid(file, `it cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'error'})`, cause)
  }
  if (text.trim() === '') throw invalid(file, 'it is empty')
  let document: unknown
  try {
    document = load(text)
  } catch (cause) {
    throw invalid(file, 'it is not valid YAML', cause)
  }
  if (document === null || typeof document !== 'object' || Array.isArray(document)) {
    throw invalid(file, 'it is not a kubeconfig document')
  }
  return document
}

function listOf(entries: unknown): unknown[] {
  return Array.isArray(entries) ? entries : []
}

function addMissing<T extends { name: string }>(into: T[], from: T[]): void {
  for (const entry of from) if (!into.some((known) => known.name === entry.name)) into.push(entry)
}

function invalid(file: string, reason: string, cause?: unknown): GatehouseError {
  return new GatehouseError(
    'KUBECONFIG_INVALID',
    `The kubeconfig ${path.basename(file)} cannot be used: ${reason}`,
    {
      cause,
    },
  )
}
