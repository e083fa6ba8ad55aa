import type { KubeObject } from '../client/cluster.ts'
import type { CronJob, Workload } from '../describe/shapes.ts'

/** Whom a pod belongs to in the eyes of a person: the outermost workload that made it. */
export class Owners {
  readonly #deployments: ReadonlySet<string>
  readonly #cronJobOf = new Map<string, string>()

  constructor(
    deployments: readonly Workload[] = [],
    jobs: readonly Workload[] = [],
    cronJobs: readonly CronJob[] = [],
  ) {
    this.#deployments = new Set(deployments.map(idOf))
    const known = new Set(cronJobs.map(idOf))
    for (const job of jobs) {
      const owner = controllerOf(job)
      const id = `${job.metadata.namespace}/${owner?.name}`
      if (owner?.kind === 'CronJob' && known.has(id)) this.#cronJobOf.set(idOf(job), owner.name)
    }
  }

  /** The outermost owner, or the object itself without one. */
  outermost(object: KubeObject, kind: string): { kind: string; name: string } {
    const owner = controllerOf(object)
    const namespace = object.metadata.namespace ?? ''
    if (!owner) return { kind, name: object.metadata.name }
    if (owner.kind === 'ReplicaSet') {
      // A Deployment names its ReplicaSets after itself and their template's hash: no list of them is needed.
      const hash = object.metadata.labels?.['pod-template-hash']
      const deployment =
        hash && owner.name.endsWith(`-${hash}`) ? owner.name.slice(0, -hash.length - 1) : undefined
      if (deployment && this.#deployments.has(`${namespace}/${deployment}`))
        return { kind: 'Deployment', name: deployment }
    }
    const cronJob = owner.kind === 'Job' ? this.#cronJobOf.get(`${namespace}/${owner.name}`) : undefined
    return cronJob ? { kind: 'CronJob', name: cronJob } : { kind: owner.kind, name: owner.name }
  }
}

function controllerOf({ metadata }: KubeObject) {
  return metadata.ownerReferences?.find((owner) => owner.controller)
}

function idOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`
}
