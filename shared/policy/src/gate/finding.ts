import type { Level } from '../facts.ts'

/** Where a finding comes from: code nobody can configure, POLICY_FILE, or an operator's rule in it. */
export type Layer = 'never' | 'policy' | 'rule'

/** One thing the gate found. Findings only add up: none takes another one back. */
export type Finding =
  | { layer: Layer; deny: string }
  | { layer: Layer; level: Level; approvers: number; because: string }

/** A raise to `level`; the number of approvers is that of the level. */
export function raise(layer: Layer, level: Level, because: string): Finding {
  return { layer, level, approvers: 1, because }
}

export function deny(layer: Layer, reason: string): Finding {
  return { layer, deny: reason }
}
