import { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'
import { isOwnedBy, kinds, type Workload } from '@gatehouse/kubernetes/planning'
import { JSON_PATCH } from '../bound-request.ts'
import { type Draft, type Drafting, nameOf, type OperationOf, WRITER } from './draft.ts'
import { assertRollable, strategyWarnings } from './draft-restart.ts'
import { rolloutExpectation } from './expectations.ts'
import { markSteps } from './mark-steps.ts'
import type { Place } from './place.ts'

interface Revision {
  number: number
  template: unknown
}

const REVISION = 'deployment.kubernetes.io/revision'

/** Puts back the pod template of an earlier revision, whole and as it is now: later changes of history do not matter. */
export async function draftRollback(operation: OperationOf<'rollback'>, drafting: Drafting): Promise<Draft> {
  const { place, marker } = drafting
  const live: Workload = drafting.live ?? { metadata: { name: place.name } }
  assertRollable(place.resource.kind, live, 'rolled back')
  const revisions = (await revisionsOf(place, live)).sort((a, b) => b.number - a.number)
  const wanted = pick(revisions, operation.revision, place)
  return {
    request: {
      method: 'PATCH',
      path: place.path,
      query: WRITER,
      contentType: JSON_PATCH,
      body: [{ op: 'replace', path: '/spec/template', value: wanted.template }, ...markSteps(live, marker)],
    },
    given: {},
    title: `Roll ${nameOf(place)} back to revision ${wanted.number}`,
    expectation: () => rolloutExpectation,
    typedName: false,
    image: 'object',
    warnings: strategyWarnings(live),
  }
}

function pick(revisions: Revision[], asked: number | undefined, place: Place): Revision {
  const known = revisions.map(({ number }) => number).join(', ')
  const found = asked === undefined ? revisions[1] : revisions.find(({ number }) => number === asked)
  if (found) return found
  const what = asked === undefined ? 'an earlier revision' : `revision ${asked}`
  throw new GatehouseError('NOT_FOUND', `${nameOf(place)} has not got ${what}; there are: ${known || 'none'}`)
}

async function revisionsOf(place: Place, live: Workload): Promise<Revision[]> {
  const sets = place.resource.kind === 'Deployment'
  const path = sets ? `/apis/apps/v1/namespaces/${place.namespace}/${kinds.replicaSets.plural}` : undefined
  const revisions: Revision[] = []
  const history = `/apis/apps/v1/namespaces/${place.namespace}/controllerrevisions`
  // Unmasked: what is put back must be exactly what was there.
  const { items } = await place.cluster.send<{ items: KubeObject[] | null }>({
    path: path ?? history,
    signal: place.signal,
  })
  for (const item of items ?? []) {
    if (!isOwnedBy(item, live)) continue
    revisions.push(sets ? ofReplicaSet(item) : ofControllerRevision(item))
  }
  return revisions
}

function ofReplicaSet(set: Workload): Revision {
  const { metadata, ...template } = set.spec?.template ?? {}
  const { 'pod-template-hash': _hash, ...labels } = metadata?.labels ?? {}
  return {
    number: Number(set.metadata.annotations?.[REVISION] ?? 0),
    template: { metadata: { ...metadata, labels }, ...template },
  }
}

function ofControllerRevision(object: KubeObject): Revision {
  const { $patch: _patch, ...template } = Object(Object(Object(object.data).spec).template)
  return { number: Number(object.revision ?? 0), template }
}
