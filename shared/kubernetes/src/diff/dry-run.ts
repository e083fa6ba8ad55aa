import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '../client/cluster.ts'
import { blinded } from './blind.ts'
import { comparable } from './comparable.ts'
import { refusalText } from './refusal-text.ts'

const FIELD_MANAGER = 'gatehouse'

export interface FieldConflict {
  manager: string
  field: string
}

/** What the API server would make of an object, or why it would not. */
export type DryRun =
  | { object: Record<string, unknown>; warnings: string[] }
  | { refused: string; conflicts: FieldConflict[]; unknownField?: string }

/**
 * Server-side apply without force as a dry run: admission, defaults and validation run, nothing is stored. The result
 * is blinded.
 */
export async function dryRunApply(
  cluster: Cluster,
  path: string,
  object: unknown,
  signal: AbortSignal | undefined,
): Promise<DryRun> {
  try {
    const { value, warnings } = await cluster.sendWithWarnings<KubeObject>({
      method: 'PATCH',
      path,
      signal,
      query: { dryRun: 'All', fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' },
      headers: { 'content-type': 'application/apply-patch+yaml' },
      // JSON is YAML, and what was parsed here is exactly what is judged there.
      body: JSON.stringify(object),
    })
    return { object: await blinded(cluster.sanitizer, comparable(value)), warnings }
  } catch (error) {
    if (!(error instanceof GatehouseError) || !REFUSALS.has(error.code)) throw error
    return refusalOf(error)
  }
}

const REFUSALS = new Set(['CONFLICT', 'CLUSTER_REFUSED', 'NOT_FOUND', 'FORBIDDEN'])

/** What a refused dry run says, without what it prints of objects. */
export function refusalOf(error: GatehouseError): Extract<DryRun, { refused: string }> {
  const conflicts = causesOf(error)
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({
      manager: /conflict with "([^"]+)"/.exec(cause.message)?.[1] ?? cause.message,
      field: cause.field.replace(/^\./, ''),
    }))
  if (conflicts.length > 0) {
    const managers = [...new Set(conflicts.map((one) => one.manager))].join(', ')
    return { refused: `it would change fields that belong to ${managers}`, conflicts }
  }
  // Server-side apply answers 500 with this text instead of naming fields in details.
  const text = refusalText(error.message).replace(
    /^The cluster answered 500: failed to create typed patch object \([^)]*\): (errors: ?)?/,
    '',
  )
  const unknownField = /(?:^| )\.?(\S+): field not declared in schema/.exec(text)?.[1]
  if (unknownField) return { refused: `unknown field ${unknownField}`, conflicts, unknownField }
  const namespace = error.code === 'NOT_FOUND' ? /^namespaces "([^"]+)" not found/.exec(text)?.[1] : undefined
  return { refused: namespace ? `namespace "${namespace}" does not exist` : text, conflicts }
}

interface Cause {
  reason: string
  message: string
  field: string
}

function causesOf(error: GatehouseError): Cause[] {
  const { causes } = error.data
  return Array.isArray(causes) ? causes : []
}
