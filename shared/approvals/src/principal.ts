import type { Actor } from '@gatehouse/audit'
import { GatehouseError } from '@gatehouse/errors'

export const scopes = ['read', 'propose', 'approve', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** Somebody who has shown a token or holds a session. Made by `authenticate` and `openSession` only. */
export interface Principal {
  subject: string
  kind: 'human' | 'agent' | 'service'
  scopes: Scope[]
  tokenId: string
  /** Set where it came with a browser session. */
  sessionId: string | null
  /** The person an agent or a service acts for. */
  behind: string | null
}

/** What is recorded of a principal. */
export function actorOf({ subject, kind, tokenId, sessionId }: Principal): Actor {
  return { subject, kind, credential: sessionId ? `session:${sessionId}` : `token:${tokenId}` }
}

/** Gatehouse itself. */
export const SYSTEM: Actor = { subject: 'gatehouse', kind: 'system', credential: 'none' }

/** @throws GatehouseError NOT_PERMITTED naming the scope that is missing */
export function requireScope(principal: Principal, scope: Scope): void {
  if (principal.scopes.includes(scope)) return
  throw new GatehouseError('NOT_PERMITTED', `This needs the scope ${scope}, which this token does not have`)
}

/** Whether two subjects are the same one; how they are written does not matter. */
export function sameSubject(a: string, b: string): boolean {
  const fold = (subject: string) => subject.normalize('NFKC').trim().toLowerCase()
  return fold(a) === fold(b)
}
