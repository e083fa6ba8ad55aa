import { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'
import { JSON_BODY, MERGE } from '../bound-request.ts'
import { MARKER } from '../marker.ts'
import { type Draft, type Drafting, nameOf, type OperationOf, WRITER } from './draft.ts'

const MOST_REPLICAS = 10_000
// They count in spec.replicas, so that mark and number are one write.
const PLAIN = new Set(['deployments', 'statefulsets', 'replicasets', 'replicationcontrollers'])

/** Sets an absolute number of replicas. */
export async function draftScale(operation: OperationOf<'scale'>, drafting: Drafting): Promise<Draft> {
  const { replicas } = operation
  if (!Number.isInteger(replicas) || replicas < 0 || replicas > MOST_REPLICAS) {
    throw new GatehouseError('INVALID_INPUT', `replicas: a whole number from 0 to ${MOST_REPLICAS}`)
  }
  const { place, live, marker } = drafting
  const { group, plural } = place.resource
  const plain = (group === 'apps' || group === '') && PLAIN.has(plural)
  const scaleBefore = plain ? undefined : await scaleOf(drafting)
  const before = Number(Object((scaleBefore ?? live)?.spec).replicas ?? 1)
  return {
    request: plain
      ? {
          method: 'PATCH',
          path: place.path,
          query: WRITER,
          contentType: MERGE,
          body: { metadata: { annotations: { [MARKER]: marker } }, spec: { replicas } },
        }
      : {
          method: 'PUT',
          path: `${place.path}/scale`,
          query: WRITER,
          contentType: JSON_BODY,
          body: scaleBody(scaleBefore, replicas),
        },
    given: { spec: { replicas } },
    title: `Scale ${nameOf(place)} from ${before} to ${replicas} replicas`,
    expectation: () => ({
      check: 'replicas',
      text: replicas === 0 ? 'no pod is left' : `${replicas} of ${replicas} replicas are ready`,
      timeoutSeconds: 120,
    }),
    typedName: replicas === 0,
    image: plain ? 'object' : 'scale',
    ...(scaleBefore && { scaleBefore }),
  }
}

async function scaleOf({ place }: Drafting): Promise<KubeObject> {
  const { cluster, path, resource, signal } = place
  try {
    return await cluster.send<KubeObject>({ path: `${path}/scale`, signal })
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code !== 'NOT_FOUND') throw error
    throw new GatehouseError('INVALID_INPUT', `kind: a ${resource.kind} has no number of replicas`, {
      cause: error,
    })
  }
}

function scaleBody(before: KubeObject | undefined, replicas: number): unknown {
  const { apiVersion, kind, metadata } = before ?? { metadata: { name: '' } }
  const { name, namespace } = metadata
  return { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) }, spec: { replicas } }
}
