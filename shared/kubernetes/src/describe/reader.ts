import { GatehouseError } from '@gatehouse/errors'
import type { Cluster, KubeObject } from '../client/cluster.ts'
import { pathOf } from '../client/paths.ts'
import type { Resource } from '../discovery/discovery.ts'
import type { Selection } from '../table/table.ts'

const MOST = 2_000
const METADATA = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json'

/**
 * Reads around an object. What this identity may not read, or the cluster does not serve, becomes a note and
 * `undefined`, never an empty list: nobody may conclude "there are none" from what was not seen.
 */
export class Reader {
  readonly cluster: Cluster
  readonly notes = new Set<string>()
  readonly #signal: AbortSignal | undefined

  constructor(cluster: Cluster, signal: AbortSignal | undefined) {
    this.cluster = cluster
    this.#signal = signal
  }

  /** Objects of one kind; namespace undefined means all of them. T is the caller's view of the kind it asks for. */
  async list<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    selection: Selection & { metadataOnly?: boolean } = {},
  ): Promise<T[] | undefined> {
    const found: T[] = []
    const complete = await this.each<T>(resource, namespace, selection, (object) => {
      found.push(object)
    })
    return complete ? found : undefined
  }

  /** The same without keeping them; false when they could not be read. */
  async each<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    selection: Selection & { metadataOnly?: boolean },
    see: (object: T) => void,
  ): Promise<boolean> {
    let seen = 0
    const options = {
      signal: this.#signal,
      query: { labelSelector: selection.labelSelector, fieldSelector: selection.fieldSelector },
      ...(selection.metadataOnly && { accept: METADATA }),
    }
    const read = this.cluster.eachObject(pathOf(resource, namespace), options, (object) => {
      if (++seen > MOST) {
        this.notes.add(`only the first ${MOST} ${resource.plural} were looked at`)
        return false
      }
      see(object as T)
      return true
    })
    return (
      (await this.#tolerate(
        resource,
        read.then(() => true),
      )) ?? false
    )
  }

  /** One object, or undefined where there is none; `unreadable` where nobody can say. */
  async get<T extends KubeObject>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
  ): Promise<T | 'unreadable' | undefined> {
    const read = this.cluster.object(pathOf(resource, namespace, name), { signal: this.#signal })
    const object = await this.#tolerate(
      resource,
      read.catch((error: unknown) => {
        if (error instanceof GatehouseError && error.code === 'NOT_FOUND') return null
        throw error
      }),
    )
    if (object === undefined) return 'unreadable'
    return (object as T | null) ?? undefined
  }

  async #tolerate<T>(resource: Resource, read: Promise<T>): Promise<T | undefined> {
    try {
      return await read
    } catch (error) {
      if (!(error instanceof GatehouseError)) throw error
      if (error.code === 'FORBIDDEN' || error.code === 'BLOCKED_BY_POLICY') {
        this.notes.add(`not readable with this identity: ${resource.plural}`)
      } else if (error.code === 'NOT_FOUND') {
        this.notes.add(`not served by this cluster: ${resource.plural}`)
      } else throw error
      return undefined
    }
  }
}
