import type { Risk } from '@gatehouse/policy'
import type { Sanitised } from '@gatehouse/sanitizer'
import type { z } from 'zod'
import type { Page } from './page.ts'

/** What a tool may know about its call besides the input. */
export interface ToolContext {
  correlationId: string
  /** Who calls, as the door knows it: never a token. */
  caller: string
  /** Aborted when the caller goes away or the deadline passes; pass it to every request. */
  signal: AbortSignal
  /** Tells the caller how far long work is. Does nothing when the caller did not ask. */
  progress(message: string, done?: number, total?: number): void
  /** Tokens the reply may take. */
  maxTokens: number
}

/** A REST route of a tool: path parameters in braces are inputs of the same name. */
export interface RestRoute {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  /** The input that a body of text (YAML) becomes; JSON bodies are inputs by name. */
  textBody?: string
  /** Inputs the route sets where the caller names neither them nor `unless`. */
  defaults?: { unless: string; input: Record<string, unknown> }
}

export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject, Deps> {
  /** Canonical dotted id, such as infra.k8s.pods.listPods. */
  name: string
  title: string
  /** One sentence for a model; what the names already say is left out. */
  description: string
  risk: Risk
  /** Part of the toolset `essential`; or the inputs that its list does not show, besides those every tool has. */
  essential?: boolean | readonly string[]
  /** Its reply carries text written by workloads or people: it is fenced as data. */
  untrusted?: boolean
  /** Longest run in milliseconds; 30,000 by default. */
  deadlineMs?: number
  /** Tokens of a reply when the caller names no maxTokens. */
  budget?: number
  input: Input
  output: Output
  examples: { title: string; input: z.input<Input> }[]
  rest?: RestRoute
  /** It only asks for a change; see `defineProposal`, which alone sets this. */
  proposes?: boolean
  /** Judges a call before the tool runs and anything is asked of a cluster; throws what refuses it. */
  gate?(input: z.output<Input>): void
  /** The reply as text for a model. Without it: YAML of the data. */
  summarize?(output: z.output<Output>): string
  run(
    input: z.output<Input>,
    context: ToolContext,
    deps: Deps,
  ): Promise<z.input<Output> | Page<z.input<Output>>>
}

/** A tool of any input and output, as the pipeline and the doors see it. */
// biome-ignore lint/suspicious/noExplicitAny: variance of run() and summarize() makes `unknown` unassignable here
export type AnyTool<Deps = any> = ToolDefinition<any, any, Deps>

/** Checks what types cannot: a name every host accepts once its dots are underscores. `_` is for names given from outside. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject, Deps>(
  tool: ToolDefinition<Input, Output, Deps>,
): ToolDefinition<Input, Output, Deps> {
  if (
    !/^[a-z][A-Za-z0-9]*((\.[A-Za-z][A-Za-z0-9]*)+|(_[a-z][a-z0-9]*)+)$/.test(tool.name) ||
    tool.name.length > 45
  ) {
    throw new Error(`tool name "${tool.name}" must be dotted camelCase segments, at most 45 characters`)
  }
  return tool
}

/** What a door sends: sanitised data and text, or an error of the catalogue. */
export interface Reply {
  structured: Sanitised<Record<string, unknown>>
  text: Sanitised<string>
  isError: boolean
  /** HTTP status of the same reply. */
  http: number
  errorCode?: string
}
