import type { KubeObject } from '@gatehouse/kubernetes'
import type { Pod, Workload } from '@gatehouse/kubernetes/planning'
import { type Ground, readNow } from '../executor/ground.ts'
import { digestOfMeaning, postImageOf } from '../meaning.ts'
import { type Baseline, isReady, podsOf } from './baseline.ts'
import { rolloutSeen } from './rollout-seen.ts'
import type { Seen } from './seen.ts'

/** One look at the cluster for what the plan expects. */
export function checkOf(
  ground: Ground,
  written: KubeObject | undefined,
  baseline: Baseline,
): () => Promise<Seen> {
  const live = async (look: (object: KubeObject) => Seen): Promise<Seen> => {
    const object = await readNow(ground)
    if (!object) return { met: false, hopeless: true, text: 'it was deleted since' }
    const other = written?.metadata.uid !== undefined && object.metadata.uid !== written.metadata.uid
    return other ? { met: false, hopeless: true, text: 'it was deleted and made anew since' } : look(object)
  }
  const generation = written?.metadata.generation ?? 0
  switch (ground.planned.expectation.check) {
    case 'replicas':
      if (ground.planned.request.path.endsWith('/scale')) return () => scaleSeen(ground)
      return () => live((object) => replicasSeen(ground, object, generation))
    case 'rollout':
      return () => live((object: Workload) => rolloutSeen(object, generation))
    case 'applied':
      return () => live((object) => appliedSeen(ground, object))
    case 'exists':
      return () => live(existsSeen)
    case 'gone':
      return () => goneSeen(ground)
    case 'replaced':
      return () => replacedSeen(ground, baseline)
    case 'none':
      return async () => ({ met: true, text: 'nothing was to be seen' })
  }
}

function replicasSeen({ planned }: Ground, live: KubeObject, generation: number): Seen {
  const wanted = wantedReplicas(planned)
  const { spec, status } = live as { spec?: { replicas?: number }; status?: Record<string, number> }
  if (spec?.replicas !== wanted) return setAgain(spec?.replicas ?? 1)
  const seen = Number(status?.observedGeneration ?? Number.POSITIVE_INFINITY) >= generation
  const [ready, there] = [status?.readyReplicas ?? 0, status?.replicas ?? 0]
  return {
    met: seen && ready === wanted && there === wanted,
    text: `${ready} of ${wanted} replicas are ready`,
  }
}

// Where a custom resource keeps its numbers only its Scale tells.
async function scaleSeen({ planned, cluster, signal }: Ground): Promise<Seen> {
  const { path } = planned.request
  const { spec, status } = await cluster.send<{ spec?: Numbers; status?: Numbers }>({ path, signal })
  const wanted = wantedReplicas(planned)
  if (spec?.replicas !== wanted) return setAgain(spec?.replicas ?? 0)
  const there = status?.replicas ?? 0
  return { met: there === wanted, text: `${there} of ${wanted} replicas are there` }
}

interface Numbers {
  replicas?: number
}

function wantedReplicas({ request }: Ground['planned']): number {
  return Number(Object(request.body).spec?.replicas)
}

function setAgain(replicas: number): Seen {
  return { met: false, hopeless: true, text: `somebody set ${replicas} replicas since` }
}

function appliedSeen({ planned }: Ground, live: KubeObject): Seen {
  const before = planned.before as KubeObject | undefined
  const image = digestOfMeaning(planned.salt, postImageOf(live, before, planned.request.body))
  if (image === planned.postImageDigest) return { met: true, text: 'the object is as approved' }
  return { met: false, hopeless: true, text: 'the object was changed again since' }
}

function existsSeen(live: KubeObject): Seen {
  if (live.kind !== 'Pod') return { met: true, text: `the ${live.kind} is there` }
  const pod: Pod = live
  const { phase } = pod.status ?? {}
  if (phase === 'Failed') return { met: false, hopeless: true, text: 'the pod has failed' }
  const met = isReady(pod) || phase === 'Succeeded'
  return { met, text: met ? 'the pod is ready' : `the pod is ${phase ?? 'not started'}, not ready` }
}

async function goneSeen(ground: Ground): Promise<Seen> {
  const live = await readNow(ground)
  if (!live || live.metadata.uid !== ground.planned.uid) return { met: true, text: 'it is gone' }
  if (!live.metadata.deletionTimestamp) return { met: false, text: 'it is still there' }
  const { finalizers } = live.metadata
  const held = Array.isArray(finalizers) && finalizers.length > 0
  return { met: false, text: held ? `it waits for its finalizers: ${finalizers.join(', ')}` : 'it is ending' }
}

async function replacedSeen(ground: Ground, { owner, pods: known, since, ready }: Baseline): Promise<Seen> {
  const gone = await goneSeen(ground)
  if (!owner || !gone.met) return gone
  const pods = await podsOf(ground, owner)
  if (!pods) return { met: true, text: 'it is gone; the pods of its owner cannot be seen' }
  const fresh = pods.find(({ metadata }) =>
    known ? !known.has(metadata.uid ?? '') : Date.parse(metadata.creationTimestamp ?? '') >= since - 1000,
  )
  const now = pods.filter(isReady).length
  if (!fresh) return { met: false, text: 'it is gone, and no new pod is there' }
  const met = isReady(fresh) && now >= ready
  return {
    met,
    text: `new pod ${fresh.metadata.name} is ${isReady(fresh) ? '' : 'not '}ready, ${now} in all`,
  }
}
