import type { CallToolResult, GetPromptResult, ReadResourceResult } from '@modelcontextprotocol/server'

// One red pixel, and a WAV header with no samples.
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA='

const image = { type: 'image', data: PNG, mimeType: 'image/png' } as const
const textResource = (uri: string, value: string) =>
  ({ type: 'resource', resource: { uri, mimeType: 'text/plain', text: value } }) as const

/** Replies with content our tools never send. */
export const replies: Record<string, CallToolResult> = {
  test_image_content: { content: [image] },
  test_audio_content: { content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] },
  test_embedded_resource: {
    content: [textResource('test://embedded-resource', 'This is an embedded resource content.')],
  },
  test_multiple_content_types: {
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      textResource('test://mixed-content-resource', 'Mixed'),
    ],
  },
  json_schema_2020_12_tool: { content: [{ type: 'text', text: 'Called' }] },
}

/** SEP-1613: these keywords must reach the client untouched. */
export const dialectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
  },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
  additionalProperties: false,
} as const

export const resources = [
  { uri: 'test://static-text', name: 'static-text', mimeType: 'text/plain' },
  { uri: 'test://static-binary', name: 'static-binary', mimeType: 'image/png' },
]
export const templates = [
  { uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' },
]

/** Undefined for an address nobody serves. */
export function read(uri: string): ReadResourceResult | undefined {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1]
  if (id) {
    const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` })
    return { contents: [{ uri, mimeType: 'application/json', text }] }
  }
  if (uri === 'test://static-text') {
    const text = 'This is the content of the static text resource.'
    return { contents: [{ uri, mimeType: 'text/plain', text }] }
  }
  if (uri === 'test://static-binary') return { contents: [{ uri, mimeType: 'image/png', blob: PNG }] }
  return undefined
}

export const prompts = [
  { name: 'test_simple_prompt', description: 'Without arguments' },
  {
    name: 'test_prompt_with_arguments',
    description: 'With two arguments',
    arguments: [
      { name: 'arg1', description: 'First test argument', required: true },
      { name: 'arg2', description: 'Second test argument', required: true },
    ],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    description: 'With a resource inside',
    arguments: [{ name: 'resourceUri', description: 'What to embed', required: true }],
  },
  { name: 'test_prompt_with_image', description: 'With an image inside' },
  { name: 'test_input_required_result_prompt', description: 'Asks before it answers' },
]

/** Undefined for a name that is no prompt. */
export function prompt(name: string, given: Record<string, string>): GetPromptResult | undefined {
  const user = (content: GetPromptResult['messages'][number]['content']) =>
    ({ role: 'user', content }) as const
  const says = (text: string) => user({ type: 'text', text })
  const known: Record<string, GetPromptResult['messages']> = {
    test_simple_prompt: [says('This is a simple prompt for testing.')],
    test_prompt_with_arguments: [says(`Prompt with arguments: arg1='${given.arg1}', arg2='${given.arg2}'`)],
    test_prompt_with_embedded_resource: [
      user(textResource(given.resourceUri ?? '', 'Embedded resource content for testing.')),
      says('Please process the embedded resource above.'),
    ],
    test_prompt_with_image: [user(image), says('Please analyze the image above.')],
  }
  const messages = Object.hasOwn(known, name) ? known[name] : undefined
  return messages && { messages }
}
