import { GatehouseError } from '@gatehouse/errors'
import { denyDelete } from './deletes.ts'
import { profiles } from './profiles.ts'

/** What a call of the strict profile asks for, before anything is sent to a cluster. */
export interface Intent {
  verb: 'list' | 'get' | 'delete'
  kind: string
  apiVersion?: string | undefined
  namespace: string
  name?: string | undefined
}

/** What discovery says a kind is. */
export interface ResolvedKind {
  group: string
  apiVersion: string
  kind: string
  plural: string
  namespaced: boolean
}

// One word, optionally with its group. Whatever else stands there (a list, a sub-resource, a look-alike) is no kind.
const KIND = /^[A-Za-z][A-Za-z0-9-]*(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/
const API_VERSION = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?v[0-9][a-z0-9]*$/

// Every name by which the API server or a person calls the two blocked kinds.
const BLOCKED = new Set(['secret', 'secrets', 'secretlist', 'configmap', 'configmaps', 'configmaplist', 'cm'])

/**
 * The strict gate, first part: what words alone decide. Throws INVALID_INPUT for what names no kind and
 * BLOCKED_BY_POLICY for what this profile never does. No request is needed for it.
 */
export function gateIntent(intent: Intent): void {
  const { kind, apiVersion, verb, name } = intent
  if (!KIND.test(kind)) {
    throw new GatehouseError(
      'INVALID_INPUT',
      'kind: one kind in plain letters, such as Pod or deployments.apps',
      {
        hint: 'No lists, sub-resources, selectors or spaces; other versions are chosen by apiVersion',
      },
    )
  }
  if (apiVersion !== undefined && !API_VERSION.test(apiVersion)) {
    throw new GatehouseError('INVALID_INPUT', 'apiVersion: write v1 or group/version, such as apps/v1')
  }
  if (verb !== 'list' && !name) {
    throw new GatehouseError('INVALID_INPUT', 'name: exactly one object must be named')
  }
  const [word = ''] = kind.toLowerCase().split('.', 1)
  if (BLOCKED.has(word) && !apiVersion?.includes('/')) refuseBlocked()
  if (verb === 'delete') refuse(denyDelete({ namespace: intent.namespace, plural: word }))
}

/**
 * The strict gate, second part: what the words turned out to mean. A kind that only shares its name with a blocked
 * one is allowed where the caller gave its apiVersion. Throws BLOCKED_BY_POLICY.
 */
export function gateResolved(intent: Intent, resource: ResolvedKind): void {
  const { group, plural, kind, namespaced, apiVersion } = resource
  const blocked = BLOCKED.has(plural.toLowerCase()) || BLOCKED.has(kind.toLowerCase())
  if (blocked && (group === '' || intent.apiVersion !== apiVersion)) refuseBlocked()
  if (group === '' && profiles.strict.blockedResources.has(plural)) refuseBlocked()
  if (!namespaced) refuse(`${kind} is not namespaced, and nothing cluster-wide is accessible`)
  if (intent.verb === 'delete') refuse(denyDelete({ namespace: intent.namespace, group, plural }))
}

/** Whether a kind is one of the two of which this profile tells nothing. */
export function isBlockedKind({ kind, group }: Pick<ResolvedKind, 'kind' | 'group'>): boolean {
  return group === '' && BLOCKED.has(kind.toLowerCase())
}

function refuseBlocked(): never {
  throw new GatehouseError(
    'BLOCKED_BY_POLICY',
    'Secrets and ConfigMaps are not accessible, for any verb and by any name',
    { hint: 'A custom resource that shares the name needs its apiVersion (group/version)' },
  )
}

function refuse(reason: string | undefined): void {
  if (reason) throw new GatehouseError('BLOCKED_BY_POLICY', reason)
}
