import { randomBytes } from 'node:crypto'
import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequest,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

type Answer = CallToolResult | InputRequiredResult
type Asking = (context: ServerContext) => Answer | Promise<Answer>

/** Signs what travels through the client, so that a changed state is refused before a handler runs. */
export const codec = createRequestStateCodec<{ step: number }>({ key: randomBytes(32) })

const say = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] })
const askName = (message = 'What is your name?') =>
  inputRequired.elicit({ message, requestedSchema: z.object({ name: z.string() }) })
const askOk = inputRequired.elicit({
  message: 'Please confirm',
  requestedSchema: z.object({ ok: z.boolean() }),
})
const sample = (text: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens })

const answered = ({ mcpReq }: ServerContext, key: string) =>
  inputResponse(mcpReq.inputResponses, key).kind !== 'missing'

// One round of one question, answered or asked again.
const once =
  (key: string, request: InputRequest, done: (context: ServerContext) => string): Asking =>
  (context) =>
    answered(context, key) ? say(done(context)) : inputRequired({ inputRequests: { [key]: request } })

const confirming: Asking = async (context) => {
  const state = context.mcpReq.requestState<{ step: number }>()
  if (state && answered(context, 'confirm')) return say('state-ok')
  return inputRequired({ inputRequests: { confirm: askOk }, requestState: await codec.mint({ step: 1 }) })
}

const several: Asking = async (context) => {
  const inputRequests = {
    user_name: askName(),
    greeting: sample('Generate a greeting', 50),
    client_roots: inputRequired.listRoots(),
  }
  if (Object.keys(inputRequests).every((key) => answered(context, key))) return say('All three arrived')
  return inputRequired({ inputRequests, requestState: await codec.mint({ step: 1 }) })
}

const twoRounds: Asking = async (context) => {
  const step = context.mcpReq.requestState<{ step: number }>()?.step ?? 0
  if (step === 2 && answered(context, 'step2')) return say('Both rounds done')
  if (step >= 1 && answered(context, 'step1')) {
    const colour = z.object({ color: z.string() })
    const step2 = inputRequired.elicit({
      message: 'Step 2: What is your favorite color?',
      requestedSchema: colour,
    })
    return inputRequired({ inputRequests: { step2 }, requestState: await codec.mint({ step: 2 }) })
  }
  return inputRequired({
    inputRequests: { step1: askName('Step 1: What is your name?') },
    requestState: await codec.mint({ step: 1 }),
  })
}

// The SDK hands the envelope on as it came; its type has no members.
const declared = ({ mcpReq }: ServerContext): ClientCapabilities =>
  (mcpReq.envelope as Record<string, ClientCapabilities> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ?? {}

const asDeclared: Asking = (context) => {
  const { elicitation, sampling } = declared(context)
  return inputRequired({
    inputRequests: {
      ...(elicitation && { user_name: askName() }),
      ...(sampling && { question: sample('What is the capital of France?', 100) }),
    },
  })
}

const needsSampling: Asking = (context) => {
  if (declared(context).sampling) return say('The client can sample')
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } })
}

const nameOf = ({ mcpReq }: ServerContext) =>
  acceptedContent<{ name: string }>(mcpReq.inputResponses, 'user_name')?.name

/** Fixtures that answer with a question first (SEP-2322), and the diagnostic tools of the stateless suite. */
export const asking: Record<string, Asking> = {
  test_input_required_result_elicitation: once(
    'user_name',
    askName(),
    (context) => `Hello, ${nameOf(context)}!`,
  ),
  test_input_required_result_sampling: once(
    'capital_question',
    sample('What is the capital of France?', 100),
    ({ mcpReq }) => JSON.stringify(mcpReq.inputResponses),
  ),
  test_input_required_result_list_roots: once('client_roots', inputRequired.listRoots(), ({ mcpReq }) =>
    JSON.stringify(mcpReq.inputResponses),
  ),
  test_input_required_result_request_state: confirming,
  test_input_required_result_tampered_state: confirming,
  test_input_required_result_multiple_inputs: several,
  test_input_required_result_multi_round: twoRounds,
  test_input_required_result_capabilities: asDeclared,
  test_missing_capability: needsSampling,
  test_streaming_elicitation: once('user_name', askName(), () => 'Answered'),
}

/** `prompts/get` may ask as well. */
export function askForContext(context: ServerContext): InputRequiredResult | undefined {
  if (answered(context, 'user_context')) return undefined
  const user_context = inputRequired.elicit({
    message: 'What context should the prompt use?',
    requestedSchema: z.object({ context: z.string() }),
  })
  return inputRequired({ inputRequests: { user_context } })
}
