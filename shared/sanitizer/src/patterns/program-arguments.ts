import { isPlainValue } from './plain-value.ts'
import { type SecretName, secretName } from './secret-name.ts'

/** Where in an element of an argument list a secret begins, and its class. */
export type ArgumentSecret = { from: number; kind: string }

/** A flag that means a password only behind its program; `apart` takes the next element, `pair` is `user:password`. */
type ShortFlag = { flag: RegExp; apart: boolean; pair?: boolean }

const PASSWORD: ShortFlag = { flag: /^-p=?/, apart: true }
const PROGRAMS: readonly [program: RegExp, flag: ShortFlag][] = [
  // `-p` alone makes these ask for it.
  [/^(?:mysql|mariadb)/, { flag: /^-p/, apart: false }],
  [/^(?:sshpass$|mongo|cqlsh$)/, PASSWORD],
  [/^login$/, PASSWORD],
  // Behind sshpass: its -p is a port.
  [/^(?:ssh|scp|sftp|rsync)$/, { flag: /(?!)/, apart: false }],
  [/^(?:redis|valkey|keydb)-cli$/, { flag: /^-a/, apart: true }],
  [/^ldap[a-z]+$/, { flag: /^-w/, apart: true }],
  [/^(?:sqlcmd|bcp|ipmitool|unzip)$/, { flag: /^-P/, apart: true }],
  [/^curl$/, { flag: /^(?:-[#fgikLnsSvIjNqaB]{0,8}[uU]|--(?:proxy-)?user(?:=|$))/, apart: true, pair: true }],
]

/**
 * The secrets of an argument list by the place of their elements: `["--token", "x"]`, `["mysql", "-px"]`,
 * `["curl", "-u", "admin:x"]`. `before` is what stands in front of the list, such as a container's command.
 */
export function argumentSecrets(
  items: readonly unknown[],
  before: readonly unknown[] = [],
): Map<number, ArgumentSecret> | undefined {
  let found: Map<number, ArgumentSecret> | undefined
  let short = before.reduce<ShortFlag | undefined>((flag, item) => programOf(item) ?? flag, undefined)
  for (const [i, item] of items.entries()) {
    if (typeof item !== 'string') continue
    const secret =
      behindName(items[i - 1], item) ??
      (short && (attached(short, item) ?? behindShort(short, items[i - 1], item)))
    if (secret) {
      found ??= new Map()
      found.set(i, secret)
    } else short = programOf(item) ?? short
  }
  return found
}

function programOf(item: unknown): ShortFlag | undefined {
  if (typeof item !== 'string' || item.length > 256 || item.startsWith('-')) return undefined
  const program = item.slice(item.lastIndexOf('/') + 1).replace(/[:@].*/s, '')
  return PROGRAMS.find(([name]) => name.test(program))?.[1]
}

/** `--token x`, and `-token x` as Go and Java programs have it. */
function behindName(flag: unknown, value: string): ArgumentSecret | undefined {
  if (typeof flag !== 'string' || !/^-{1,2}[A-Za-z][\w.-]+$/.test(flag)) return undefined
  const name: SecretName | undefined = secretName(flag)
  if (!name || value.startsWith('--') || isPlainValue(value, name.strong)) return undefined
  return { from: 0, kind: name.kind }
}

function attached(short: ShortFlag, item: string): ArgumentSecret | undefined {
  const length = short.flag.exec(item)?.[0].length ?? item.length
  return length < item.length ? password(short, item, length) : undefined
}

function behindShort(short: ShortFlag, flag: unknown, item: string): ArgumentSecret | undefined {
  if (!short.apart || typeof flag !== 'string' || short.flag.exec(flag)?.[0] !== flag) return undefined
  return password(short, item, 0)
}

function password({ pair }: ShortFlag, item: string, start: number): ArgumentSecret | undefined {
  const colon = pair ? item.indexOf(':', start) : start - 1
  if (colon === -1 && pair) return undefined
  const from = colon + 1
  return isPlainValue(item.slice(from), true) ? undefined : { from, kind: 'password' }
}
