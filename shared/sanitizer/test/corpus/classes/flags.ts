import type { Planted, TextClass } from '../planted.ts'
import { ALNUM, type Random } from '../random.ts'
import { opaque, word } from '../values.ts'

const claim = (name: string, plant: (random: Random) => Planted): TextClass => ({
  name,
  claimed: true,
  plant,
})
const FLAGS = [
  '--password',
  '--token',
  '--api-key',
  '--db-password',
  '--client-secret',
  '-token',
  '--bind-pw',
]
const PROGRAMS: readonly ((secret: string) => string)[] = [
  (secret) => `mysql -uroot -p${secret} -h db`,
  (secret) => `mariadb -h db -p${secret}`,
  (secret) => `sshpass -p ${secret} ssh host`,
  (secret) => `redis-cli -h cache -a ${secret} ping`,
  (secret) => `mongosh -u root -p ${secret}`,
  (secret) => `docker login -u bob -p ${secret} r.example`,
  (secret) => `curl -s -u bob:${secret} https://x.example`,
  (secret) => `curl --user bob:${secret} https://x.example`,
  (secret) => `ldapsearch -x -w ${secret} -b dc=x`,
  (secret) => `sqlcmd -S db -U sa -P ${secret}`,
]

/** Secrets among the arguments of programs. */
export const flags: readonly TextClass[] = [
  claim('flag with =', (random) => {
    const secret = opaque(random)
    return { text: `serve ${random.pick(FLAGS)}=${secret} --port 80`, secrets: [secret] }
  }),
  claim('flag and value', (random) => {
    const secret = opaque(random)
    return { text: `serve ${random.pick(FLAGS)} ${secret} --port 80`, secrets: [secret] }
  }),
  claim('flag in a JSON list', (random) => {
    const secret = opaque(random)
    return {
      text: `["${word(random)}","${random.pick(FLAGS)}","${secret}","--port","80"]`,
      secrets: [secret],
    }
  }),
  claim('flag in a YAML list', (random) => {
    const secret = opaque(random)
    return { text: `args:\n- ${random.pick(FLAGS)}\n- ${secret}\n- --port`, secrets: [secret], lines: true }
  }),
  claim('short flag', (random) => {
    const secret = `x${random.int(10)}${random.string(ALNUM, random.between(12, 30))}`
    return { text: random.pick(PROGRAMS)(secret), secrets: [secret] }
  }),
]
