import { isBuiltIn } from '@gatehouse/kubernetes/planning'
import { renderKubectl } from '../kubectl/render.ts'
import type { Operation } from '../operation.ts'
import type { Place } from './place.ts'
import type { Rehearsed } from './rehearsed.ts'

/**
 * The same change as a kubectl command, for reading. `hidden`: there is a secret in it, so a patch is named and not
 * shown.
 */
export function commandOf(operation: Rehearsed, place: Place, hidden: boolean): string {
  const { resource, namespace, name, cluster } = place
  const { kind, apiVersion, group } = resource
  const target = { kind, name, ...(!isBuiltIn(group) && { apiVersion }), ...(namespace && { namespace }) }
  if (hidden && operation.type === 'patch') {
    const where = namespace ? ` -n ${namespace}` : ''
    return `kubectl patch ${kind}/${name}${where} --type=${operation.patchType} -p '[hidden]'`
  }
  const command = renderKubectl({ ...operation, target } as Operation)
  return cluster.sanitizer.blind().text(command)
}
