import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { VERSIONS } from './binaries.ts'
import { eventTemplate, type StageEvent } from './stage-events.ts'

const STAGES = fileURLToPath(new URL('../../stages/', import.meta.url))

/** `[a, b]` is "one of", `present` and `absent` are about any value at all. */
type Match = string[] | { not: string[] } | 'present' | 'absent'
type Step = { status?: string; event?: StageEvent; delete?: boolean }

/** A stage as our files write it: kwok's own form says the same in three times the lines. */
type Stage = {
  stage: string
  kind: 'Pod' | 'Node'
  when: Record<string, Match>
  /** Fault → Go template condition that is true for the containers that have it. */
  faults?: Record<string, string>
  /** Milliseconds, or a jq expression that yields a duration. */
  delay?: number | string
  steps: Step[]
}

/** Short names for the expressions that many stages ask. */
const EXPRESSIONS: Record<string, string> = {
  deleted: '.metadata.deletionTimestamp',
  ready: '.status.conditions[]? | select(.type == "Ready") | .status',
  waiting: '.status.containerStatuses[]?.state.waiting.reason',
  terminated: '.status.containerStatuses[]?.state.terminated',
  settled: '.status.phase == "Running" and ([.status.containerStatuses[]?.state | has("running")] | all)',
}

/** Everything kwok is told, written as one configuration file into the folder of the cluster. */
export async function writeKwokConfig(dir: string, more: object[]): Promise<void> {
  const fault = await readFile(join(STAGES, 'fault.jq'), 'utf8')
  const parts = load(await readFile(join(STAGES, 'parts.yaml'), 'utf8')) as Record<string, string>
  const names = (await readdir(STAGES)).filter((name) => name.endsWith('.yaml') && name !== 'parts.yaml')
  const files = await Promise.all(names.map((name) => readFile(join(STAGES, name), 'utf8')))
  const stages = files
    .flatMap((file) => load(file) as Stage[])
    .flatMap((stage) => perFault(stage, fault, parts))
  // Naming one option turns kwok's defaults off for all of them, and without debugging handlers there are no logs.
  const options = {
    enableDebuggingHandlers: true,
    podPlayStageParallelism: 16,
    nodePlayStageParallelism: 4,
    nodeLeaseParallelism: 4,
    podsOnNodeSyncParallelism: 4,
  }
  const configuration = { apiVersion: 'config.kwok.x-k8s.io/v1alpha1', kind: 'KwokConfiguration', options }
  const documents = [configuration, ...stages, ...more].map((document) => JSON.stringify(document))
  await writeFile(join(dir, 'kwok.yaml'), documents.join('\n---\n'))
}

/** A stage with several faults becomes one for each, so that its templates know which fault it is. */
function perFault(stage: Stage, fault: string, parts: Record<string, string>): object[] {
  const { faults } = stage
  const expressions = { ...EXPRESSIONS, fault }
  if (!faults) return [kwokStage(stage, stage.stage, expressions, parts, '')]
  return Object.entries(faults).map(([name, condition]) => {
    const when: Stage['when'] = { ...stage.when, fault: [name] }
    const steps = stage.steps.filter(({ event }) => !event?.only || event.only.includes(name))
    return kwokStage(
      { ...stage, when, steps },
      `${stage.stage}-${name}`,
      expressions,
      parts,
      faultPrelude(name, condition),
    )
  })
}

/** Gives templates `$fault`, `$broken` (name → true) and `$bad`, the first broken container. */
function faultPrelude(name: string, condition: string): string {
  return [
    `{{ $fault := "${name}" }}{{ $broken := dict }}{{ $bad := index .spec.containers 0 }}`,
    `{{ range .spec.containers }}{{ if ${condition} }}`,
    '{{ if not $broken }}{{ $bad = . }}{{ end }}{{ $_ := set $broken .name true }}',
    '{{ end }}{{ end }}\n',
  ].join('')
}

function kwokStage(
  stage: Stage,
  name: string,
  expressions: Record<string, string>,
  parts: Record<string, string>,
  prelude: string,
): object {
  const matchExpressions = Object.entries(stage.when).map(([key, match]) => ({
    jq: { key: expressions[key] ?? key, ...operator(match) },
  }))
  const steps = stage.steps.map(({ status, event }) => {
    if (event) return { apply: { type: 'merge', template: prelude + eventTemplate(event) } }
    if (status)
      return { patch: { subresource: 'status', root: 'status', template: prelude + expand(status, parts) } }
    return { delete: true }
  })
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: stage.kind },
      selector: { matchExpressions },
      ...delayOf(stage.delay),
      steps,
    },
  }
}

function operator(match: Match): object {
  if (match === 'present') return { operator: 'Exists' }
  if (match === 'absent') return { operator: 'DoesNotExist' }
  return Array.isArray(match) ? { operator: 'In', values: match } : { operator: 'NotIn', values: match.not }
}

function delayOf(delay: Stage['delay']): object {
  if (delay === undefined) return {}
  if (typeof delay === 'number') return { delay: { durationMilliseconds: delay } }
  return { delay: { durationMilliseconds: 1000, durationFrom: { jq: { expression: delay } } } }
}

/** Puts parts in, at the indentation of the line that names them. */
function expand(template: string, parts: Record<string, string>): string {
  return template
    .replaceAll(/^( *)@([a-z-]+)@\n/gm, (_, indent: string, name: string) =>
      (parts[name] ?? `# no part ${name}\n`).replaceAll(/^/gm, indent).trimEnd().concat('\n'),
    )
    .replaceAll('@version@', VERSIONS.kubernetes)
}
