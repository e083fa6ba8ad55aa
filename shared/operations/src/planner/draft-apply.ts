import { asStored } from '@gatehouse/kubernetes/planning'
import { APPLY } from '../bound-request.ts'
import { type Draft, type Drafting, nameOf, type OperationOf, WRITER } from './draft.ts'
import { draftCreate, marked, namedObject } from './draft-create.ts'
import { expectationOf } from './expectations.ts'

/** Server-side apply without force: a field of another manager is a conflict, never taken over. */
export function draftApply(operation: OperationOf<'apply'>, drafting: Drafting): Draft {
  const { place, live, marker } = drafting
  // Rights are only ever given by creation: a request that could also change some is refused by the guard.
  if (!live && place.resource.group === 'rbac.authorization.k8s.io') {
    return draftCreate({ ...operation, type: 'create' }, drafting)
  }
  const object = namedObject(operation.object, place)
  return {
    request: {
      method: 'PATCH',
      path: place.path,
      query: { ...WRITER, force: 'false' },
      contentType: APPLY,
      body: marked(object, marker),
    },
    given: asStored(object),
    title: live ? `Apply a manifest to ${nameOf(place)}` : `Create ${nameOf(place)} from a manifest`,
    expectation: (after, changes) => expectationOf(place.resource.kind, live, after, changes),
    typedName: false,
    image: 'object',
  }
}
