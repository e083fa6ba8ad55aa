import { setTimeout as pause } from 'node:timers/promises'
import { GatehouseError } from '@gatehouse/errors'
import type { AnyTool, ToolDefinition } from '@gatehouse/tools'
import { z } from 'zod'

const nothing = z.object({})
const said = z.object({ text: z.string() })

// The suites dictate these names; defineTool would refuse them for having no dots.
function fixture(
  name: string,
  run: ToolDefinition<typeof nothing, typeof said, unknown>['run'],
): ToolDefinition<typeof nothing, typeof said, unknown> {
  return {
    name,
    title: name,
    description: 'Fixture of the official conformance suites',
    risk: 'read',
    input: nothing,
    output: said,
    examples: [{ title: 'As it is', input: {} }],
    summarize: ({ text }) => text,
    run,
  }
}

const text = (value: string) => Promise.resolve({ text: value })

/** Fixtures that are plain tools: they pass the whole pipeline, as every product tool does. */
export const tools: AnyTool[] = [
  fixture('test_simple_text', () => text('This is a simple text response for testing.')),
  fixture('test_error_handling', () => {
    throw new GatehouseError('CONFLICT', 'This tool intentionally returns an error for testing')
  }),
  fixture('test_reconnection', () => text('No stream was closed: this server is stateless')),
  fixture('test_tool_with_progress', async (_input, { progress }) => {
    for (const done of [0, 50, 100]) {
      progress(`${done} of 100`, done, 100)
      await pause(10)
    }
    return { text: 'Finished' }
  }),
]
