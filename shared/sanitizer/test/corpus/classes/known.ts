import type { TextClass } from '../planted.ts'
import { Random } from '../random.ts'
import { opaque } from '../values.ts'

const HELD = 40
const random = new Random(20_261_121, 'known values')

/** What the sanitizer under test is told it holds. */
export const knownValues: readonly string[] = Array.from({ length: HELD }, () => opaque(random))

/** A credential of the process itself, wherever it turns up. */
export const knownValue: TextClass = {
  name: 'known value',
  claimed: true,
  also: ['hex'],
  plant(random) {
    const secret = random.pick(knownValues)
    return { text: secret, secrets: [secret] }
  },
}
