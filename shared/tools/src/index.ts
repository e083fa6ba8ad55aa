export {
  type ApprovalsPort,
  type ListOutcomes,
  type Outcome,
  type OutcomeQuery,
  outcome,
  type PortContext,
} from './approvals-port.ts'
export type { Incoming } from './call.ts'
export { openApi } from './describe/openapi.ts'
export { fullSchema, wireSchema } from './describe/wire-schema.ts'
export { type ApprovalLinkOptions, approvalLinks } from './doors/approval-link.ts'
export { guardErrors } from './doors/guard-errors.ts'
export {
  createMcpDoor,
  type McpDoor,
  type McpExtension,
  type McpOwnHandlers,
  type McpView,
} from './doors/mcp.ts'
export {
  extensions,
  type ResourceEntry,
  type Resources,
  type ResourceText,
  resourceExtension,
} from './doors/resources.ts'
export { createRestDoor, type RestDoor, type RestReply, type RestRequest } from './doors/rest.ts'
export { type NameStyle, safeName } from './names.ts'
export { Page } from './page.ts'
export { createPipeline, type Invoke } from './pipeline.ts'
export {
  defineProposal,
  type Pending,
  type Proposal,
  type ProposalContext,
  pending,
  pendingText,
  type SubmitPort,
} from './propose.ts'
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
