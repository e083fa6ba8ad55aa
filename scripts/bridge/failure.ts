interface Failure {
  error: { code: number; message: string; data?: unknown }
  /** Whether anybody answered at all. */
  reached: boolean
}

const SERVER_ERROR = -32_000

/** What the client is told when a request did not get an answer: the hub's own error where there is one. */
export function failureOf(thrown: unknown, hub: URL): Failure {
  const { data, cause } = thrown as { data?: { status?: number; text?: string }; cause?: { code?: string } }
  const status = data?.status
  const own = errorIn(data?.text)
  if (status === 401) {
    const message =
      'The hub refuses the token: set MCP_TOKEN or MCP_TOKEN_FILE to the one it was started with; with Docker that is secrets/mcp_token'
    return { error: { code: SERVER_ERROR, message }, reached: true }
  }
  if (own) return { error: own, reached: true }
  if (status !== undefined) {
    return { error: { code: SERVER_ERROR, message: `${hub.origin} answered HTTP ${status}` }, reached: true }
  }
  const why = cause?.code ?? (thrown as Error).message
  const message = `The hub does not answer at ${hub.href} (${why}). Start it with "npm start" or "docker compose up"; the bridge goes on by itself`
  return { error: { code: SERVER_ERROR, message }, reached: false }
}

function errorIn(text: string | undefined): Failure['error'] | undefined {
  try {
    const { error } = JSON.parse(text ?? '') as { error?: Failure['error'] }
    return typeof error?.code === 'number' && typeof error.message === 'string' ? error : undefined
  } catch {
    return undefined
  }
}
