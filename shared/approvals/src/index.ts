export { authenticate } from './authenticate.ts'
export {
  type Brake,
  type BrakeName,
  brakes,
  engageKillSwitch,
  releaseKillSwitch,
} from './brakes.ts'
export { cancel } from './cancel.ts'
export { type Checkpointing, keepCheckpoints } from './checkpointing.ts'
export { type Decided, type DecisionInput, decide } from './decide.ts'
export { type ContextSwitch, defaultContext, switchDefaultContext } from './default-context.ts'
export { type EventFeed, openFeed, type StoreEvent } from './events.ts'
export type { ExecutionContext, Executor } from './execution.ts'
export type { ApprovalDeps, Asked, SubmitContext } from './http/deps.ts'
export { type ApprovalApp, createApprovalApp } from './http/index.ts'
export { setDisabled } from './identities.ts'
export { planDigest } from './plan-digest.ts'
export { actorOf, type Principal, requireScope, type Scope, SYSTEM, scopes } from './principal.ts'
export { type Proposal, type Proposed, propose } from './propose.ts'
export { getRequest, listRequests, type RequestFilter, type RequestPage } from './read-request.ts'
export { eraseRecordPayload, exportRecord, recordEvent, recordView } from './record.ts'
export {
  isFinal,
  type RequestState,
  requestStates,
  type StoredDecision,
  type StoredRequest,
} from './request.ts'
export { acknowledgeRollback, checkRollback, type RollbackCheck } from './rollback.ts'
export { policedExecutor } from './service/executor.ts'
export { localPort } from './service/local-port.ts'
export {
  type ApprovalService,
  type CallContext,
  createApprovalService,
  type ServiceOptions,
} from './service/service.ts'
export { parseSubmission, type Submission } from './service/submission.ts'
export {
  endSession,
  isSynchroniser,
  openSession,
  rotateSession,
  SESSION_IDLE_MS,
  SESSION_LONGEST_MS,
  type Session,
  startSession,
} from './sessions.ts'
export type { StoreOptions, StoreSettings } from './store/settings.ts'
export { openStore, type Store } from './store/store.ts'
export { sweep } from './sweep.ts'
export { isWellFormedToken, makeToken } from './token-format.ts'
export {
  createToken,
  ensureToken,
  listTokens,
  type NewToken,
  revokeToken,
  type TokenInfo,
  type TokenSlot,
} from './tokens.ts'
export { type RequestView, requestView } from './view/request-view.ts'
export { createWorker, type Worker, type WorkerOptions } from './worker.ts'
