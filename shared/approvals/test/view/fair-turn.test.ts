import { expect, it } from 'vitest'
import { fairTurn } from '../../src/view/fair-turn.ts'

it('whoever asks for hundreds of views delays another reader by one or two', async () => {
  let done = 0
  const flood = Array.from({ length: 300 }, () => fairTurn('agent').then(() => done++))
  await fairTurn('approver')
  expect(done).toBeLessThanOrEqual(2)
  await Promise.all(flood)
  expect(done).toBe(300)
})
