import type { Planted, TextClass } from '../planted.ts'
import { ALNUM, PRINTABLE, type Random } from '../random.ts'
import { opaque, passwordName, word } from '../values.ts'

const measure = (name: string, plant: (random: Random) => Planted): TextClass => ({
  name,
  claimed: false,
  plant,
})
const around = (before: string, secret: string, behind = ''): Planted => ({
  text: before + secret + behind,
  secrets: [secret],
})

/** What is generated and measured, and not claimed. */
export const unclaimed: readonly TextClass[] = [
  measure('opaque value without a name', (random) => around('using ', opaque(random))),
  measure('prose: the password is x', (random) => around('the password is ', opaque(random), ' now')),
  measure('name in another language', (random) =>
    around(`${random.pick(['contraseña', 'пароль', 'mot_de_passe', 'Kennwort', '密码'])}=`, opaque(random)),
  ),
  measure('telling nothing', (random) =>
    around(`${random.pick(['x', 'value', 'data', 'foo.bar'])}=`, opaque(random)),
  ),
  measure('several words in the middle of a line', (random) => {
    const words = [opaque(random), opaque(random)]
    return { text: `login ${passwordName(random)}: ${words.join(' ')} for bob`, secrets: words }
  }),
  measure('any sign, without quotes', (random) =>
    around(`${passwordName(random)}=`, random.string(PRINTABLE.slice(1), 24)),
  ),
  measure('single word under a weak name', (random) =>
    around('token: ', random.string('abcdefghij', 12), ' was sent'),
  ),
  measure('number under a weak name', (random) => around('token: ', String(1e9 + random.int(1e9)))),
  measure('Secret data without anything that says so', (random) => {
    const secret = Buffer.from(opaque(random)).toString('base64')
    return {
      text: `data:\n  ${word(random)}: ${secret}\nmetadata:\n  name: db\nmore: x`,
      secrets: [secret],
      lines: true,
    }
  }),
  measure('private key cut at both ends', (random) => {
    const rows = Array.from({ length: 8 }, () => random.string(`${ALNUM}+/`, 64))
    return { text: rows.join('\n'), secrets: rows, lines: true }
  }),
]
