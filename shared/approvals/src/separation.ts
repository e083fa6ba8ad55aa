import { GatehouseError } from '@gatehouse/errors'
import { type Principal, sameSubject } from './principal.ts'
import type { StoredRequest } from './request.ts'

/** Whether a decision would come from the one who asked, or from the person behind the agent that asked. */
export function isRequester(
  { subject, behind }: Pick<Principal, 'subject' | 'behind'>,
  { requester }: StoredRequest,
): boolean {
  const deciding = [subject, ...(behind === null ? [] : [behind])]
  const asking = [requester.subject, ...(requester.behind === undefined ? [] : [requester.behind])]
  return deciding.some((one) => asking.some((other) => sameSubject(one, other)))
}

/**
 * Only people decide, and not what they asked for themselves, unless one person works alone by an explicit setting.
 * @throws GatehouseError NOT_PERMITTED, SELF_APPROVAL
 */
export function assertMayDecide(principal: Principal, request: StoredRequest, singleUser: boolean): void {
  if (principal.kind !== 'human')
    throw new GatehouseError('NOT_PERMITTED', `Only people decide; this token belongs to a ${principal.kind}`)
  if (isRequester(principal, request) && !singleUser) throw new GatehouseError('SELF_APPROVAL')
}
