export type { Sanitised } from './sanitised.ts'
export { type Counts, createSanitizer, type Sanitizer, type SanitizerOptions } from './sanitizer.ts'
export { turn } from './turn.ts'
