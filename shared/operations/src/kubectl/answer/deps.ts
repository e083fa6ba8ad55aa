import type { Cluster } from '@gatehouse/kubernetes'

export interface AnswerOptions {
  signal?: AbortSignal | undefined
  /** About how many tokens the reply may take; omitted: 4,000. */
  maxTokens?: number | undefined
}

/** What an answer is made with. */
export interface Asking extends AnswerOptions {
  cluster: Cluster
}
