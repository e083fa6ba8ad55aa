export {
  type ChangeFacts,
  type ChangeType,
  changeTypes,
  type Decision,
  type Denied,
  type Level,
  type ObjectFacts,
  type PodSpecFacts,
  type RequesterFacts,
  type Required,
  type SwitchFacts,
  type TargetFacts,
} from '../facts.ts'
export { neverTarget, OWN_NAMESPACES } from '../never.ts'
export { allowsClusterWide } from './allowed.ts'
export { decide, judge } from './decide.ts'
export { type ObjectsOfChange, objectFacts } from './facts/object-facts.ts'
export { podSpecFacts } from './facts/pod-spec-facts.ts'
export type { Finding, Layer } from './finding.ts'
export { KINDS, type KnownKind, knownKind } from './known-kinds.ts'
export { loadPolicy, type Policy, type PolicyOptions, parsePolicy } from './policy.ts'
