import type { Explained, Subject } from './description.ts'
import { kinds } from './kinds.ts'
import { age } from './phrase.ts'
import type { CronJob, Workload } from './shapes.ts'
import { isOwnedBy } from './workload.ts'

const MOST = 5

/** A CronJob: when it runs, and how its last Jobs ended. */
export async function describeCronJob({
  object,
  namespace,
  reader,
  now,
}: Subject<CronJob>): Promise<Explained> {
  const { spec = {}, status = {} } = object
  const jobs = ((await reader.list<Workload>(kinds.jobs, namespace)) ?? []).filter((job) =>
    isOwnedBy(job, object),
  )
  jobs.sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1))
  const [latest] = jobs
  const failed = latest?.status?.conditions?.find((one) => one.type === 'Failed' && one.status === 'True')
  return {
    facts: {
      schedule: spec.schedule,
      lastScheduled: status.lastScheduleTime ? `${age(status.lastScheduleTime, now)} ago` : 'never',
      lastSuccess: status.lastSuccessfulTime ? `${age(status.lastSuccessfulTime, now)} ago` : 'never',
      active: status.active?.map((job) => job.name),
      images: spec.jobTemplate?.spec?.template?.spec?.containers?.map((one) => `${one.name}: ${one.image}`),
    },
    findings: [
      ...(spec.suspend ? ['Is suspended: it starts no Jobs'] : []),
      ...(failed
        ? [`Its last Job ${latest?.metadata.name} failed (${failed.reason}): ${failed.message}`]
        : []),
    ],
    dependents: jobs
      .slice(0, MOST)
      .map((job) => ({ kind: 'Job', name: job.metadata.name, state: jobState(job, now) })),
  }
}

function jobState(job: Workload, now: number): string {
  const state = job.status?.conditions?.find((one) => one.status === 'True')?.type ?? 'running'
  return `${state}, ${age(job.metadata.creationTimestamp, now)} old`
}
