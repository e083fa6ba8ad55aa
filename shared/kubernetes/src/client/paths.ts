import { GatehouseError } from '@gatehouse/errors'
import type { Resource } from '../discovery/discovery.ts'

// RFC 1123 labels and subdomains, and the wider set RBAC names use; nothing that could end or extend a path.
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._:@-]{0,251}[A-Za-z0-9])?$/
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** The path of a collection or of one object in it. Throws INVALID_INPUT for names no object can have. */
export function pathOf(resource: Resource, namespace?: string, name?: string, subresource?: string): string {
  const root = resource.group ? `/apis/${resource.apiVersion}` : `/api/${resource.version}`
  const scope = resource.namespaced && namespace ? `/namespaces/${checkNamespace(namespace)}` : ''
  const object = name === undefined ? '' : `/${encodeURIComponent(checkName(name))}`
  return `${root}${scope}/${resource.plural}${object}${subresource ? `/${subresource}` : ''}`
}

export function isNamespace(namespace: string): boolean {
  return NAMESPACE.test(namespace)
}

/** Whether an object could have this name. Nothing that passes can end or extend a path or a field selector. */
export function isName(name: string): boolean {
  return NAME.test(name)
}

export function checkNamespace(namespace: string): string {
  if (isNamespace(namespace)) return namespace
  throw new GatehouseError(
    'INVALID_INPUT',
    `namespace: ${show(namespace)} cannot be the name of a namespace`,
    {
      hint: 'Lower-case letters, digits and "-", at most 63 characters',
    },
  )
}

export function checkName(name: string): string {
  if (isName(name)) return name
  throw new GatehouseError('INVALID_INPUT', `name: ${show(name)} cannot be the name of an object`, {
    hint: 'Letters, digits, "-" and ".", at most 253 characters',
  })
}

function show(value: string): string {
  const printable = value.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')
  return `"${printable}${value.length > 40 ? '…' : ''}"`
}
