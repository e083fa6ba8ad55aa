import { isRecord } from './plain-input.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
// A Job's controller puts these in, and refuses a new Job that brings them.
const JOB_LABELS = /^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/

/** An object as it would have to be made again: without what was given to it when it was. */
export function recreatable(object: Record<string, unknown>): Record<string, unknown> {
  const metadata = isRecord(object.metadata) ? { ...object.metadata } : {}
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  const { [LAST_APPLIED]: _applied, ...annotations } = isRecord(metadata.annotations)
    ? metadata.annotations
    : {}
  if (Object.keys(annotations).length > 0) metadata.annotations = annotations
  else delete metadata.annotations
  const spec = isRecord(object.spec) ? { ...object.spec } : undefined
  if (spec && object.kind === 'Pod') delete spec.nodeName
  if (spec && object.kind === 'Job') withoutJobsOwn(spec, metadata)
  return { ...object, metadata, ...(spec && { spec }) }
}

function withoutJobsOwn(spec: Record<string, unknown>, metadata: Record<string, unknown>): void {
  delete spec.selector
  if (isRecord(metadata.labels)) metadata.labels = withoutOwn(metadata.labels)
  const { template } = spec
  if (!isRecord(template) || !isRecord(template.metadata) || !isRecord(template.metadata.labels)) return
  const labels = withoutOwn(template.metadata.labels)
  spec.template = { ...template, metadata: { ...template.metadata, labels } }
}

function withoutOwn(labels: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !JOB_LABELS.test(key)))
}
