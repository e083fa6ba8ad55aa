import type { ServerResponse } from 'node:http'
import { answerBySdk } from '@gatehouse/host'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { McpHttpHandler } from '@modelcontextprotocol/server'
import type { Caller } from '../callers/callers.ts'
import { overlap } from '../catalogue/claims.ts'
import { unknownName } from '../catalogue/unknown.ts'
import type { View } from '../catalogue/view.ts'
import type { Hub } from '../hub.ts'
import { claimsOf, type ServerEntry } from '../registry/schema.ts'
import type { McpRequest } from './door.ts'
import { asAuthInfo, refuseBatch } from './own-answers.ts'

export interface AnsweringOptions {
  hub: Hub
  sdk: McpHttpHandler
  sanitizer: Sanitizer
}

/** The answers of the hub's own that are under way. One may be a subscription, which outlives the right to it. */
export class Answering {
  readonly #options: AnsweringOptions
  readonly #open = new Set<{ caller: Caller; response: ServerResponse }>()

  constructor(options: AnsweringOptions) {
    this.#options = options
  }

  async answer(
    { request, response, caller }: McpRequest,
    given: { view: View; gone: AbortSignal; correlationId: string; parsedBody?: unknown },
  ): Promise<void> {
    const { hub, sdk, sanitizer } = this.#options
    const { view, gone, correlationId, parsedBody } = given
    refuseBatch(parsedBody)
    const sees = (entry: ServerEntry) =>
      claimsOf(entry).some((claim) => caller.prefixes.some((prefix) => overlap(claim, prefix)))
    const unknown = (name: string) => unknownName(name, view.names, hub.links, sees)
    const authInfo = asAuthInfo({ view, catalogue: hub.catalogue, unknown, correlationId })
    const one = { caller, response }
    this.#open.add(one)
    try {
      await answerBySdk(sdk, { request, response, parsedBody, gone, sanitizer, authInfo })
    } finally {
      this.#open.delete(one)
    }
  }

  /** Callers may be others now: ends what those have open who are none any more. */
  recheck(knows: (caller: Caller) => boolean): void {
    for (const { caller, response } of this.#open) if (!knows(caller)) response.destroy()
  }
}
