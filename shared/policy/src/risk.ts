/** What a tool may do to a cluster. Annotations, REST method and approval level follow from it. */
export const risks = ['read', 'write', 'destructive'] as const
export type Risk = (typeof risks)[number]

/**
 * The MCP annotations of a risk: the two a host decides by, said always. The other two say nothing that these do not,
 * and each costs every conversation tokens. Hints for hosts; the gate never looks at them.
 */
export function annotationsOf(risk: Risk): { readOnlyHint: boolean; destructiveHint?: boolean } {
  return risk === 'read'
    ? { readOnlyHint: true }
    : { readOnlyHint: false, destructiveHint: risk === 'destructive' }
}
