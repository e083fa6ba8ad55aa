/** Types of operations as the gate judges them; `shared/operations` gives each of its operations one of these. */
export const changeTypes = [
  'create',
  'apply',
  'patch',
  'scale',
  'restart',
  'rollback',
  'delete',
  'evict',
  'exec',
] as const
export type ChangeType = (typeof changeTypes)[number]

/** Who asks. */
export interface RequesterFacts {
  subject: string
  kind: 'human' | 'agent' | 'service'
  /** Changes this subject has asked for within the last hour, this one not counted. */
  changesLastHour: number
}

/** What a change addresses, as live discovery resolved it; never a caller's words. */
export interface TargetFacts {
  type: ChangeType
  context: string
  group: string
  kind: string
  /** Plural. */
  resource: string
  namespaced: boolean
  /** Empty for kinds without. */
  namespace: string
  name: string
}

/** What a pod spec gains by a change. Computed by podSpecFacts; containers are named by their path and name. */
export interface PodSpecFacts {
  /** Access to the node that was not there before: hostPath, host namespaces, privileged, added capabilities. */
  newPrivileges: string[]
  /** The same, there before and kept. */
  keptPrivileges: string[]
  /** Names of Secrets that were not referred to before. */
  newSecretRefs: string[]
  /** Pod specs that get another one than before. `default` is what an empty field means. */
  serviceAccounts: { before: string | null; after: string }[]
  /** Images that are new or differ. */
  images: { container: string; before: string | null; after: string }[]
  newContainers: string[]
  /** Containers whose command, arguments or probes' commands differ. */
  changedCommands: string[]
  /** What a person should look at twice: hostPort, root, shared process namespace, unconfined profiles. */
  concerns: string[]
}

/** What a Role or binding grants. */
export interface GrantFacts {
  /** Grants nobody gets from here: wildcards, Secrets, escalation, bindings to everybody. */
  excessive: string[]
}

/** What a change does to the object. Computed by objectFacts from the whole object before and after. */
export interface ObjectFacts {
  /** The object exists already. */
  exists: boolean
  /** Fields that differ, as `spec.template.spec.containers[0].image`. Longer lists end with `…`. */
  changedPaths: string[]
  finalizersChanged: boolean
  ownersChanged: boolean
  generatedName: boolean
  /** Keys of labels that differ, those of the pod template included. */
  changedLabels: string[]
  /** Absent replicas are null. */
  replicas: { before: number | null; after: number | null } | null
  /** It will remove, or begin to remove, PersistentVolumeClaims along with itself. */
  deletesClaims: boolean
  /** Null where neither side has a pod spec. */
  pods: PodSpecFacts | null
  /** Null for kinds that grant nothing. */
  grants: GrantFacts | null
  /** Only for Nodes: nothing but `spec.unschedulable` differs. */
  onlyCordon: boolean
}

/** Everything the gate judges one change of one object by. What is missing or not understood is denied. */
export interface ChangeFacts extends TargetFacts, ObjectFacts {
  requester: RequesterFacts
  /** Operations in the plan this one belongs to. */
  planSize: number
  /** Sent by apply: fields of other managers are taken over. */
  force: boolean
  /** Seconds; 0 kills without notice. Null: the object's own. */
  gracePeriodSeconds: number | null
  /** Argument vector of exec, else null. */
  command: string[] | null
  /** Of the names in pods.newSecretRefs and pods.serviceAccounts, those that exist in the namespace. */
  existing: { secrets: string[]; serviceAccounts: string[] }
  /** Objects that go with this one when it is deleted. Null: not known, which counts as many. */
  dependents: number | null
  /** Services, NetworkPolicies, budgets, … that select differently after changedLabels. Null: not known. */
  selectedBy: string[] | null
}

/** A compare-and-set of one server's default context; no cluster is touched. */
export interface SwitchFacts {
  type: 'switchContext'
  server: string
  context: string
  requester: RequesterFacts
  planSize: number
}

/** 1: one person approves. 2: typed name as well. 3: the highest; two people where the policy says so. */
export type Level = 1 | 2 | 3

export interface Required {
  level: Level
  /** People who must approve. */
  approvers: number
  /** Why it is more than level 1: each reason with the rule it comes from. */
  rules: string[]
}

export interface Denied {
  /** Each with what would have to be different. Never empty. */
  denied: string[]
}

/** The gate's answer. There is no plain "allowed" for a change. */
export type Decision = Denied | Required
