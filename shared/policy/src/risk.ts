/** What a tool may do to a cluster. Annotations, REST method and approval level follow from it. */
export const risks = ['read', 'write', 'destructive'] as const
export type Risk = (typeof risks)[number]

/** The MCP annotations of a risk. Hints for hosts; the gate never looks at them. */
export function annotationsOf(risk: Risk, openWorld = true) {
  return {
    readOnlyHint: risk === 'read',
    destructiveHint: risk === 'destructive',
    idempotentHint: risk === 'read',
    openWorldHint: openWorld,
  }
}
