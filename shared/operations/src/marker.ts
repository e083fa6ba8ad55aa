/** Annotation that a write sets on its object, where the type allows it. Whoever finds the value there knows what wrote. */
export const MARKER = 'gatehouse.dev/operation'

interface Annotated {
  metadata?: { annotations?: Record<string, string> }
}

/** Whether an object carries a planned operation's mark. */
export function isMarked(object: Annotated, marker: string): boolean {
  return object.metadata?.annotations?.[MARKER] === marker
}
