const POSITION = /\."(?:\d+|-)"/g

/** The pattern of a leaf without list positions, as JSON patches count them. */
export function positionless(pattern: string): string {
  return pattern.replaceAll(POSITION, '[]')
}
