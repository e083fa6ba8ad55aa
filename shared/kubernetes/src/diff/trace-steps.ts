import { GatehouseError } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { KubeObject } from '../client/cluster.ts'
import { blinded } from './blind.ts'
import { mapLeaves } from './leaves.ts'
import { isSecret } from './secret-values.ts'

/** Where in the result of a JSON patch there are masked values of the object, and values that the caller wrote. */
export interface Traced {
  /** By JSON pointer. */
  masked: Map<string, unknown>
  written: Map<string, unknown>
}

interface Step {
  op: string
  path: string
  from?: string
  value?: unknown
}

class Value {
  readonly raw: unknown
  readonly isMasked: boolean
  constructor(raw: unknown, isMasked: boolean) {
    this.raw = raw
    this.isMasked = isMasked
  }
}

/**
 * Follows the steps of a JSON patch through an object. A value that is masked there is masked by what stands around it,
 * so it may not be taken to anywhere else.
 * @throws GatehouseError INVALID_INPUT where a copy or move takes a masked value, or a step finds no place
 */
export async function traceSteps(
  sanitizer: Sanitizer,
  live: KubeObject,
  steps: readonly Step[],
): Promise<Traced> {
  let anyMasked = false
  const tree = mapLeaves(live, await blinded(sanitizer, live), (leaf) => {
    if (!isSecret(leaf)) return leaf.raw
    anyMasked = true
    return new Value(leaf.raw, true)
  })
  for (const [index, step] of steps.entries()) {
    const takes = step.op === 'copy' || step.op === 'move'
    const taken = takes ? valueAt(tree, keysOf(step.from)) : undefined
    if (holdsMasked(taken)) throw refused(index, step)
    if (carryOut(tree, step, taken)) continue
    // The API server refuses it too, unless it reads pointers in another way than this.
    if (anyMasked) throw lost(index, takes && taken === undefined ? step.from : step.path)
    return { masked: new Map(), written: new Map() }
  }
  return endOf(tree)
}

function refused(index: number, { op, from }: Step): GatehouseError {
  const what = `patch[${index}]: ${op} takes a value from ${String(from).slice(0, 200)}`
  return new GatehouseError('INVALID_INPUT', `${what}, which is or holds a secret that is masked`, {
    hint: 'Secrets are not copied or moved. Write the new value with add, or refer to a Secret with valueFrom',
  })
}

function lost(index: number, pointer: string | undefined): GatehouseError {
  const where = String(pointer).slice(0, 200)
  return new GatehouseError('INVALID_INPUT', `patch[${index}]: there is no ${where} in the object by then`, {
    hint: 'Read the object again; list positions count from 0, and "-" is behind the last',
  })
}

/** Whether it could be done. */
function carryOut(tree: unknown, step: Step, taken: unknown): boolean {
  const { op, path, from, value } = step
  if (op === 'test') return true
  if (op === 'remove') return removed(tree, keysOf(path))
  if (op === 'copy') return taken !== undefined && put(tree, keysOf(path), copyOf(taken), true)
  if (op === 'move')
    return taken !== undefined && removed(tree, keysOf(from)) && put(tree, keysOf(path), taken, true)
  const written = mapLeaves(value, value, ({ raw }) => new Value(raw, false))
  return put(tree, keysOf(path), written, op === 'add')
}

function keysOf(pointer: string | undefined): string[] {
  const keys = String(pointer).split('/').slice(1)
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function valueAt(tree: unknown, keys: readonly string[]): unknown {
  let at = tree
  for (const key of keys) {
    // Below a value that is masked whole everything is.
    if (at instanceof Value) return at
    if (Array.isArray(at) ? !isIndex(key, at.length) : !isRecord(at) || !Object.hasOwn(at, key))
      return undefined
    at = (at as Record<string, unknown>)[key]
  }
  return at
}

function removed(tree: unknown, keys: readonly string[]): boolean {
  const [owner, key] = [valueAt(tree, keys.slice(0, -1)), keys.at(-1) ?? '']
  if (owner instanceof Value) return owner.isMasked
  if (valueAt(owner, [key]) === undefined) return false
  if (Array.isArray(owner)) owner.splice(Number(key), 1)
  else Reflect.deleteProperty(owner as object, key)
  return true
}

function put(tree: unknown, keys: readonly string[], value: unknown, isNew: boolean): boolean {
  const [owner, key] = [valueAt(tree, keys.slice(0, -1)), keys.at(-1) ?? '']
  if (owner instanceof Value) return owner.isMasked
  if (Array.isArray(owner)) {
    const index = key === '-' && isNew ? owner.length : key
    if (!isIndex(String(index), owner.length + (isNew ? 1 : 0))) return false
    owner.splice(Number(index), isNew ? 0 : 1, value)
    return true
  }
  if (!isRecord(owner)) return false
  owner[key] = value
  return true
}

function holdsMasked(value: unknown): boolean {
  if (value instanceof Value) return value.isMasked
  return value !== null && typeof value === 'object' && Object.values(value).some(holdsMasked)
}

function copyOf(value: unknown): unknown {
  if (value instanceof Value || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(copyOf)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)]))
}

function endOf(tree: unknown): Traced {
  const traced: Traced = { masked: new Map(), written: new Map() }
  const look = (value: unknown, pointer: string): void => {
    if (value instanceof Value) {
      const at = value.isMasked ? traced.masked : traced.written
      at.set(pointer, value.raw)
    } else if (value !== null && typeof value === 'object') {
      for (const [key, member] of Object.entries(value))
        look(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    }
  }
  look(tree, '')
  return traced
}

function isIndex(key: string, length: number): boolean {
  return /^(0|[1-9]\d{0,6})$/.test(key) && Number(key) < length
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Value)
}
