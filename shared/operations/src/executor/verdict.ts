import type { GatehouseError } from '@gatehouse/errors'
import type { KubeObject } from '@gatehouse/kubernetes'

/** What is known about one attempt, after it was sent. */
export type Verdict =
  /** It took effect. `proof`: by what this is known. */
  | { known: 'applied'; proof: 'answer' | 'mark' | 'history' | 'state'; object?: KubeObject; note?: string }
  /** It did not. `never`: and it never can, however late a copy of it arrives. */
  | { known: 'not-applied'; never: boolean; why: string; error?: GatehouseError }
  /** The object is as it was; a copy under way might still reach it. */
  | { known: 'unchanged'; why: string }
  | { known: 'nothing'; why: string }
