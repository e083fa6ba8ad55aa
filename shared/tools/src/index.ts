export type { Incoming } from './call.ts'
export { decodeCursor, encodeCursor, Page } from './page.ts'
export { createPipeline, type Invoke } from './pipeline.ts'
export { toTable, toYaml } from './render.ts'
export { estimateTokens } from './tokens.ts'
export {
  type AnyTool,
  defineTool,
  type Reply,
  type RestRoute,
  type ToolContext,
  type ToolDefinition,
} from './tool.ts'
export { toolset, toolsets } from './toolsets.ts'
