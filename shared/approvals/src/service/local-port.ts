import type { ApprovalsPort, Outcome, Pending } from '@gatehouse/tools'
import type { Principal } from '../principal.ts'
import type { ApprovalService } from './service.ts'
import { parseSubmission } from './submission.ts'

/**
 * The approvals of this process, for tools that run in it: the same way as over HTTP, with the principal that a token
 * would have had. Bodies are checked as if they came from outside.
 */
export function localPort(service: ApprovalService, principal: () => Promise<Principal>): ApprovalsPort {
  return {
    submit: async ({ operations, claim }, { tool, correlationId, signal }) => {
      const submission = parseSubmission({ operations, tool, ...(claim && { claim }) })
      const context = { correlationId, signal }
      const request = await service.submit(await principal(), submission, context)
      return service.pending(request, context) as Pending
    },
    outcome: async ({ requestId, seconds = 0 }, context) =>
      (await service.outcome(requestId, seconds, context)) as Outcome,
    list: async ({ state, limit, continue: cursor }, context) => {
      const page = await service.list({ state, limit, cursor }, context)
      return {
        items: page.items as Outcome[],
        ...(page.continue !== undefined && { continue: page.continue }),
      }
    },
    defaultContext: (server) => service.defaultContext(server),
  }
}
