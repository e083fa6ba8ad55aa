import { asGatehouseError, didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Clusters } from '@gatehouse/kubernetes'
import { connectedSource } from './connected.ts'
import { preparedSource, preparedVersions } from './sources/prepared.ts'
import type { ReferenceSource } from './sources/source.ts'
import { typingsSource } from './sources/typings.ts'
import type { Survey } from './survey.ts'
import { createSurveys } from './surveys.ts'

export interface ReferencesOptions {
  clusters: Clusters
  /** K8S_API_VERSION: which prepared version is shown while no cluster is connected. */
  version: string | undefined
}

/** What was found, where, and why not in the place that comes first. */
export interface Answered<T> {
  value: T
  source: ReferenceSource
  note?: string
}

export interface References {
  /**
   * Asks the version that is named, or the first source that can answer: the connected cluster, a prepared version, the
   * typings. Throws NOT_FOUND, with those there are, for a version that is none.
   */
  ask<T>(version: string | undefined, use: (source: ReferenceSource) => Promise<T>): Promise<Answered<T>>
  /** Kinds and fields of the whole reference, read once per source. */
  survey(version: string | undefined): Promise<Answered<Survey>>
  versions(): Promise<{ version: string; origin: ReferenceSource['origin'] }[]>
}

export const NO_CLUSTER = 'No cluster is connected.'

type Origin = ReferenceSource['origin']
interface Candidate {
  origin: Origin
  source(): Promise<ReferenceSource>
}

export function createReferences({ clusters, version: configured }: ReferencesOptions): References {
  const connected = connectedSource(clusters)
  const typings = once(() => typingsSource())
  const prepared = preparedOnce()
  const surveyOf = createSurveys()

  const candidates = async (): Promise<Candidate[]> => {
    const first = configured ?? (await preparedVersions())[0]
    return [
      { origin: 'cluster', source: connected },
      ...(first ? [{ origin: 'prepared' as const, source: () => prepared(first) }] : []),
      { origin: 'typings', source: typings },
    ]
  }
  // Several may be of the version that is named: where the first cannot be read now, the next one can.
  const named = async (version: string): Promise<Candidate[]> => {
    const wanted = version.replace(/^v/, '')
    const all = [connected, () => prepared(wanted), typings]
    const sources = await Promise.all(all.map((source) => source().catch(() => undefined)))
    const found = sources.filter(
      (source) => source?.version === wanted || source?.version.startsWith(`${wanted}.`),
    )
    if (found.length === 0) throw await unknownVersion(wanted)
    return found.flatMap((source) => (source ? [{ origin: source.origin, source: async () => source }] : []))
  }
  const versions: References['versions'] = async () => {
    const cluster = await connected().catch(() => undefined)
    return [
      ...(cluster ? [{ version: cluster.version, origin: cluster.origin }] : []),
      ...(await preparedVersions()).map((version) => ({ version, origin: 'prepared' as const })),
      { version: (await typings()).version, origin: 'typings' },
    ]
  }
  const unknownVersion = async (asked: string): Promise<GatehouseError> => {
    const known = (await versions()).map((one) => one.version)
    const near = nearest(asked, known)
    return new GatehouseError('NOT_FOUND', `version: this one is not here${didYouMean(near)}`, {
      hint: `Here are ${known.join(', ')}; "npm run api-reference -- VERSION" prepares another one`,
      data: { nearest: near },
    })
  }
  const ask: References['ask'] = async (version, use) => {
    const list = version === undefined ? await candidates() : await named(version)
    const reasons: string[] = []
    for (const [index, candidate] of list.entries()) {
      let source: ReferenceSource | undefined
      try {
        source = await candidate.source()
        const value = await use(source)
        return { value, source, ...(reasons.length > 0 && { note: reasons.join(' ') }) }
      } catch (thrown) {
        if (isAborted(thrown)) throw thrown
        const error = asGatehouseError(thrown)
        // What the first that can be read does not have is an answer; what it cannot say now is none.
        const missing = source !== undefined && error.code === 'NOT_FOUND' && index === 0
        if (missing || index === list.length - 1) throw withReasons(error, reasons)
        reasons.push(reasonOf(error, candidate.origin))
      }
    }
    throw new GatehouseError('INTERNAL')
  }
  return { ask, versions, survey: (version) => ask(version, surveyOf) }
}

const isAborted = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'AbortError'

// What is not in the place asked last may well be in the one that could not be read.
function withReasons(error: GatehouseError, reasons: readonly string[]): GatehouseError {
  if (reasons.length === 0 || error.code !== 'NOT_FOUND') return error
  return new GatehouseError(error.code, error.message, {
    hint: [...reasons, error.hint].join(' '),
    data: error.data,
    cause: error,
  })
}

const SAID: Record<Origin, string> = {
  cluster: 'The documentation of the connected cluster',
  prepared: 'The prepared version',
  typings: 'The documentation from the typings',
}

function reasonOf(error: GatehouseError, origin: Origin): string {
  if (error.code === 'NO_CLUSTER') return NO_CLUSTER
  // Which versions there are is the most useful hint of all.
  const hint = origin === 'prepared' && error.code === 'NOT_FOUND' ? ` ${sentence(error.hint)}` : ''
  return `${SAID[origin]} cannot be shown: ${sentence(error.message)}${hint}`
}

function sentence(text: string): string {
  return text.replace(/[.?]?$/, '.')
}

// One object per version, so that what was read of it is kept with it.
function preparedOnce(): (version: string) => Promise<ReferenceSource> {
  const known = new Map<string, ReferenceSource>()
  return async (version) => {
    const source = await preparedSource(version)
    const first = known.get(source.version) ?? source
    known.set(source.version, first)
    return first
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    made.catch(() => {
      made = undefined
    })
    return made
  }
}
