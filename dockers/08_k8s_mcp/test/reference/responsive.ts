import { eventually } from '@gatehouse/testing'
import { expect } from 'vitest'
import type { Running } from '../harness.ts'

/** What the work gives, and how many /livez were answered before it was done: none where it holds up the process. */
export async function responsive<T>(
  running: Running,
  work: Promise<T>,
): Promise<{ value: T; answered: number }> {
  let over = false
  const done = work.finally(() => {
    over = true
  })
  let answered = 0
  while (!over) {
    expect((await running.get('/livez')).status).toBe(200)
    if (!over) answered++
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return { value: await done, answered }
}

/** Waits until the fields of the reference can be searched: on a busy machine the first searches do without them. */
export async function searchable(running: Running): Promise<void> {
  await eventually('the fields are indexed', async () => {
    const { body } = await running.get('/search?q=spec&limit=1&kind=field')
    expect(body.note ?? '').not.toContain('still being read')
    expect(body.total).toBeGreaterThan(0)
    return true
  })
}
