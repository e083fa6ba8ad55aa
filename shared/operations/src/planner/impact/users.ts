import { GatehouseError } from '@gatehouse/errors'
import { references } from '@gatehouse/kubernetes'
import type { Place } from '../place.ts'

const MOST = 10

/** Who still uses an object that is to be deleted. */
export async function userSentences({
  cluster,
  resource,
  namespace,
  name,
  signal,
}: Place): Promise<string[]> {
  try {
    const { items } = await references(cluster, {
      kind: resource.kind,
      apiVersion: resource.apiVersion,
      name,
      namespace,
      signal,
    })
    const shown = items
      .slice(0, MOST)
      .map(({ kind, name: user, how }) => `${kind} ${user} refers to it: ${how}`)
    return items.length > MOST ? [...shown, `${items.length - MOST} more refer to it`] : shown
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error
    return ['Who refers to it could not be seen']
  }
}
