/**
 * Every error that can leave Gatehouse. `http` is the REST status, `text` the public message when the
 * thrower gives none, `hint` what to do next. MCP delivers all of them as a tool result with `isError`.
 */
export const catalogue = {
  INVALID_INPUT: {
    http: 400,
    text: 'The input is not valid',
    hint: 'Correct the named field and call again',
  },
  UNKNOWN_TOOL: {
    http: 404,
    text: 'No such tool',
    hint: 'See tools/list over MCP or GET / over REST for the names',
  },
  UNKNOWN_CONTEXT: { http: 404, text: 'No such context', hint: 'See infra.k8s.cluster.getContexts' },
  UNKNOWN_KIND: {
    http: 404,
    text: 'This cluster has no such kind',
    hint: 'See infra.k8s.cluster.listApiResources',
  },
  NOT_FOUND: { http: 404, text: 'No such object', hint: 'Check the name and the namespace' },
  FORBIDDEN: {
    http: 403,
    text: 'The cluster does not allow this',
    hint: 'Ask for the missing RBAC permission, or use a context that has it',
  },
  BLOCKED_BY_POLICY: {
    http: 403,
    text: 'Gatehouse does not do this',
    hint: 'This is not configurable; SECURITY.md says why',
  },
  POLICY_INVALID: {
    http: 503,
    text: 'POLICY_FILE cannot be used',
    hint: 'Correct the file; "npm run policy -- check FILE" shows what is wrong, and nothing starts until then',
  },
  COMMAND_REFUSED: {
    http: 403,
    text: 'This kubectl command is not carried out',
    hint: 'One kubectl command as plain words; docs/kubectl.md lists verbs and flags',
  },
  UNAUTHENTICATED: {
    http: 401,
    text: 'A bearer token is required',
    hint: 'Send "Authorization: Bearer <MCP_TOKEN>"',
  },
  ORIGIN_REFUSED: {
    http: 403,
    text: 'This origin or host is not served',
    hint: 'Call from this machine by localhost or 127.0.0.1, or set MCP_TOKEN and HOST',
  },
  CLUSTER_CREDENTIALS: {
    http: 502,
    text: 'The cluster refused the credentials',
    hint: 'Renew the login of this context (token expired, or the credential plugin failed)',
  },
  CLUSTER_UNREACHABLE: {
    http: 503,
    text: 'The cluster does not answer',
    hint: 'Check that the cluster runs and that this machine reaches it; other contexts are not affected',
  },
  NO_CLUSTER: {
    http: 503,
    text: 'No cluster connected',
    hint: 'Set KUBECONFIG to a kubeconfig file, or put one at ~/.kube/config; no restart is needed',
  },
  KUBECONFIG_INVALID: {
    http: 503,
    text: 'The kubeconfig cannot be used',
    hint: 'Correct the file; it is read again on the next call',
  },
  METRICS_ABSENT: {
    http: 503,
    text: 'This cluster serves no metrics.k8s.io API',
    hint: 'Install metrics-server in the cluster; requests and limits are in describeResource of a node or pod',
  },
  CURSOR_EXPIRED: {
    http: 410,
    text: 'This continue cursor is no longer valid',
    hint: 'List again without continue',
  },
  TOO_LARGE: {
    http: 413,
    text: 'Too large',
    hint: 'Narrow the question with a selector, where, tail or since',
  },
  UNSUPPORTED_TYPE: {
    http: 415,
    text: 'This content type is not taken here',
    hint: 'Send "Content-Type: application/json"',
  },
  RATE_LIMITED: { http: 429, text: 'Too many calls at once', hint: 'Wait a moment and call again' },
  CLUSTER_BUSY: {
    http: 503,
    text: 'The cluster asked to slow down',
    hint: 'Wait a moment and call again',
  },
  TIMEOUT: { http: 504, text: 'The call took too long', hint: 'Narrow the question, or try again' },
  CANCELLED: { http: 499, text: 'The caller went away', hint: 'Call again' },
  SERVER_UNAVAILABLE: {
    http: 503,
    text: 'The server of this tool does not answer',
    hint: 'Other servers are not affected; call again in a moment, or look at /health of the hub',
  },
  SERVER_BUSY: {
    http: 503,
    text: 'The server of this tool has too many calls at once',
    hint: 'Wait a moment and call again; other servers are not affected',
  },
  SERVER_MISBEHAVED: {
    http: 502,
    text: 'The server of this tool gave no usable answer',
    hint: 'Search the logs of hub and server for the correlation id',
  },
  STOPPING: { http: 503, text: 'The server is stopping', hint: 'Call again in a moment' },
  CLUSTER_REFUSED: {
    http: 422,
    text: 'The cluster refused this request',
    hint: 'The message is the answer of the cluster',
  },
  CONFLICT: { http: 409, text: 'Conflict', hint: 'Somebody else changed or owns this; read it again' },
  OUTCOME_UNKNOWN: {
    http: 504,
    text: 'It is not known whether this happened',
    hint: 'Read the object before anything else is tried',
  },
  CANNOT_PLAN: {
    http: 422,
    text: 'This change cannot be rehearsed, so nobody could approve exactly it',
    hint: 'The message says why; nothing was changed',
  },
  CANNOT_UNDO: {
    http: 409,
    text: 'Nothing takes this back',
    hint: 'The message says why; ask for the change that is needed instead',
  },
  NO_CHANGE: {
    http: 409,
    text: 'It is already as asked',
    hint: 'Nothing needs to be done',
  },
  APPROVAL_UNAVAILABLE: {
    http: 503,
    text: 'Nobody can approve this here',
    hint: 'Start the approval server and set APPROVAL_URL; nothing was changed',
  },
  NOT_PERMITTED: {
    http: 403,
    text: 'This identity may not do this',
    hint: 'Use a token with the scope that is named; "npm run token -- list" shows who has which',
  },
  SELF_APPROVAL: {
    http: 403,
    text: 'Nobody approves a request of their own',
    hint: 'Ask a second person to decide it, or start with SINGLE_USER=true where one person works alone',
  },
  DIGEST_MISMATCH: {
    http: 409,
    text: 'What was shown is not what would be done',
    hint: 'Read the request again and decide on what it shows now',
  },
  APPROVAL_EXPIRED: {
    http: 410,
    text: 'The time to decide this request is over',
    hint: 'Ask for the change again; that makes a new request',
  },
  NOT_APPROVABLE: {
    http: 409,
    text: 'This cannot be shown whole, so nobody can approve it',
    hint: 'Reject it and ask for the change in smaller steps',
  },
  STALE: {
    http: 409,
    text: 'The object is no longer as it was when this was asked',
    hint: 'Ask for the change again; that shows it as it is now',
  },
  TAMPERED: {
    http: 409,
    text: 'The stored request is not the one that was made',
    hint: 'It will never be executed; find out who can write to the database, and ask for the change again',
  },
  HALTED: {
    http: 503,
    text: 'Approvals and executions are halted',
    hint: 'An administrator releases the kill switch, or acknowledges the database rollback',
  },
  STORE_UNAVAILABLE: {
    http: 503,
    text: 'The approval store does not answer',
    hint: 'Nothing was changed; check the database and its disk, then call again',
  },
  STORE_IN_USE: {
    http: 503,
    text: 'Another process owns this store',
    hint: 'Stop that process, or use PostgreSQL (DATABASE_URL) for several',
  },
  STORE_VERSION: {
    http: 503,
    text: 'The schema of the store is not one this version can use',
    hint: 'Start the version that wrote it, or a newer one; nothing was changed',
  },
  CLOCK_BACKWARDS: {
    http: 503,
    text: 'The clock of the store went backwards',
    hint: 'Correct the clock; approvals are measured by it, so nothing happens until then',
  },
  CHECKPOINT_INVALID: {
    http: 503,
    text: 'The audit checkpoints cannot be used',
    hint: 'Restore checkpoints.jsonl and audit-key.pem in STATE_DIR as they were',
  },
  WITHHELD: {
    http: 500,
    text: 'The reply was withheld because it could not be made safe',
    hint: 'Ask for less at once',
  },
  INTERNAL: { http: 500, text: 'Internal error', hint: 'Search the logs for the correlation id' },
} as const satisfies Record<string, { http: number; text: string; hint: string }>

export type ErrorCode = keyof typeof catalogue
