import type { Sanitised } from '@gatehouse/sanitizer'

/** A language model that shortens replies. It can only be given what has passed the sanitizer. */
export interface SummaryPort {
  model: string
  /** Rejects when no summary can be had; the reply then goes without. */
  summarize(text: Sanitised<string>, signal: AbortSignal): Promise<string>
}
