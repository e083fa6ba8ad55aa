import { randomUUID } from 'node:crypto'
import type { Attempt } from '@gatehouse/operations'
import type { Executor } from '../src/execution.ts'

/** Where the executor of these tests reads and writes. */
export interface Line {
  read(object: string): Promise<{ resourceVersion: number; marker: string }>
  /** 200, 409, or 0 where no answer came. */
  write(object: string, sent: { resourceVersion: number; marker: string }): Promise<number>
}

/** An executor as reference section 10 wants it: one attempt, one resourceVersion, proof by marker. */
export function carefulExecutor(line: Line, pauses: { beforeSend?: () => Promise<void> } = {}): Executor {
  return {
    async execute(planned, attempts, { index }) {
      const object = planned.target.name
      const found = await attempts.load(index)
      const attempt = found ?? (await newAttempt(line, object, index))
      if (!(await attempts.persist(attempt))) return { state: 'blocked', reason: 'not ours any more' }
      await pauses.beforeSend?.()
      const sent = { resourceVersion: Number(attempt.resourceVersion), marker: planned.marker }
      const status = await line.write(object, sent)
      if (status === 200) return { state: 'succeeded' }
      if (status === 409 && !found) return { state: 'stale', reason: 'the object has changed' }
      const now = await line.read(object)
      return now.marker === planned.marker
        ? { state: 'succeeded', reason: 'proved by its marker' }
        : { state: 'indeterminate', reason: 'no proof' }
    },
  }
}

async function newAttempt(line: Line, object: string, index: number): Promise<Attempt> {
  const { resourceVersion } = await line.read(object)
  return {
    index,
    number: 1,
    uid: object,
    resourceVersion: String(resourceVersion),
    bodyDigest: 'b',
    auditId: randomUUID(),
    startedAt: 1,
  }
}

export function overHttp(url: string): Line {
  const at = (object: string) => `${url}/${encodeURIComponent(object)}`
  return {
    read: async (object) =>
      (await (await fetch(at(object))).json()) as { resourceVersion: number; marker: string },
    write: async (object, sent) =>
      (await fetch(at(object), { method: 'PUT', body: JSON.stringify(sent) })).status,
  }
}
