export type { Attempt, AttemptStore, OperationOutcome } from './attempt.ts'
export { createDeleter, type Deleted, type Deleter } from './delete-once.ts'
export { createExecutor, type Executor, type ExecutorDeps } from './executor/create-executor.ts'
export type { ExecutionContext } from './executor/ground.ts'
export { type Timing, usualTiming } from './executor/timing.ts'
export { factsOf, type PlannedFacts } from './facts.ts'
export {
  answerRead,
  type KubectlOptions,
  type KubectlRead,
  optionsOf,
  parseKubectl,
  prepareWrites,
  renderKubectl,
  stdinOf,
} from './kubectl/index.ts'
export type { Operation, OperationTarget, OperationType, PatchType } from './operation.ts'
export type {
  Expectation,
  FrozenRequest,
  Plan,
  PlannedChange,
  PlannedOperation,
  Requester,
  ResolvedTarget,
} from './plan.ts'
export type { PlaceOptions } from './planner/place.ts'
export { type PlannerDeps, planOperations } from './planner/plan-operations.ts'
export { stalenessOf } from './staleness.ts'
export { undoOf } from './undo.ts'
