import type { KubeObject } from '@gatehouse/kubernetes'
import { collectionPath, type Ground } from './ground.ts'

/** One version that an object went through. */
export interface Passed {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubeObject
}

interface Line {
  type: string
  object: KubeObject
}

const PATIENCE_MS = 2_000

/**
 * The versions of the target behind `resourceVersion`, oldest first, until `enough` says so or nothing more comes. A
 * write bound to a version can only be the one right behind it, so the first tells whether it took effect. Undefined
 * where the cluster does not tell: history is kept for minutes, and reading it needs the permission to watch.
 */
export async function versionsBehind(
  { planned, cluster }: Ground,
  resourceVersion: string,
  enough: (seen: Passed[]) => boolean,
): Promise<Passed[] | undefined> {
  const seen: Passed[] = []
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), PATIENCE_MS)
  try {
    const body = await cluster.stream(collectionPath(planned.target), {
      query: {
        watch: 'true',
        fieldSelector: `metadata.name=${planned.target.name}`,
        resourceVersion,
        timeoutSeconds: '1',
      },
      signal: silence.signal,
    })
    for await (const line of linesOf(body)) {
      const { type, object } = JSON.parse(line) as Line
      // An ERROR carries a Status: that version is too old.
      if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') return undefined
      seen.push({ type, object })
      if (enough(seen)) return seen
    }
    return seen
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

async function* linesOf(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = pieces.pop() ?? ''
    yield* pieces
  }
}
