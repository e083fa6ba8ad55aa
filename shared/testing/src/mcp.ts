export {
  type CallResult,
  connectMcp,
  type Endpoint,
  type McpTestClient,
  type Sdk,
  sdks,
} from './mcp-client.ts'
export { createFixture, type FixtureService, type Gate } from './mcp-fixture.ts'
export {
  bareEnvironment,
  type LogLine,
  type Program,
  runToEnd,
  type ServerProcess,
  startServer,
} from './mcp-process.ts'
export { postLegacy, postModern, postRaw, type RawAnswer, type RpcMessage } from './mcp-raw.ts'
