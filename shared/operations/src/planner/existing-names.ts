import { GatehouseError } from '@gatehouse/errors'
import { pathOf } from '@gatehouse/kubernetes'
import { kinds } from '@gatehouse/kubernetes/planning'
import type { ObjectFacts } from '@gatehouse/policy/gate'
import type { Place } from './place.ts'

const METADATA = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json'
const MOST = 50

/** Of the Secrets and ServiceAccounts a pod spec newly names, those that are there. What cannot be seen is not. */
export async function existingOf(place: Place, pods: ObjectFacts['pods']) {
  const secrets = await present(place, kinds.secrets, pods?.newSecretRefs ?? [])
  const accounts = pods?.serviceAccounts.map(({ after }) => after) ?? []
  return { secrets, serviceAccounts: await present(place, kinds.serviceAccounts, accounts) }
}

async function present(
  { cluster, namespace, signal }: Place,
  resource: (typeof kinds)['secrets'],
  names: readonly string[],
): Promise<string[]> {
  const looked = [...new Set(names)].slice(0, MOST)
  const found = await Promise.all(
    looked.map(async (name) => {
      try {
        await cluster.json(pathOf(resource, namespace, name), { accept: METADATA, signal })
        return name
      } catch (error) {
        if (error instanceof GatehouseError) return undefined
        throw error
      }
    }),
  )
  return found.filter((name) => name !== undefined)
}
