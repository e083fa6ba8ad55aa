import { setImmediate } from 'node:timers/promises'
import { hostileInputs, stages } from '../../shared/sanitizer/test/corpus/hostile.ts'
import { processorTime } from './processor-time.ts'

export type Worst = { stage: string; inputs: number; milliseconds: number; shape: string }

const MEGABYTE = 1_048_576
const RUNS = 4
// Far below what counts: no need to run it again.
const SAFE = 25

/** The worst of the inputs made for each pattern and stage, alone, on one megabyte; the least of a few runs each. */
export async function measureHostile(): Promise<Worst[]> {
  const result: Worst[] = []
  for (const stage of stages()) {
    const worst: Worst = { stage: stage.name, inputs: 0, milliseconds: 0, shape: '' }
    for (const { shape, text } of hostileInputs(stage, MEGABYTE)) {
      let least = Number.POSITIVE_INFINITY
      for (let run = 0; run < RUNS && least > SAFE; run++)
        least = Math.min(least, processorTime(() => stage.run(text)).processor)
      worst.inputs++
      if (least > worst.milliseconds) Object.assign(worst, { milliseconds: least, shape })
      await setImmediate()
    }
    result.push(worst)
  }
  return result
}
