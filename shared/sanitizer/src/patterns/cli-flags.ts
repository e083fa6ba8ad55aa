import type { Pattern, Span } from '../span.ts'
import { identifierAt } from './identifier.ts'
import { NAME_ANCHORS } from './key-value.ts'
import { isPlainValue } from './plain-value.ts'
import { secretName } from './secret-name.ts'
import { valueExtent } from './value-extent.ts'

// Between a flag and its argument: a blank, or the signs of an argument list in JSON or YAML.
const GAP =
  /(?:[ \t]+|\\{0,7}["']?[ \t]*(?:,\s{0,80}|\n[+-]?[ \t]{0,80}- |[ \t]+)|\n[+-]?[ \t]{1,80}(?=\S+(?:\n|$)))/y
const NEAR = 300

// Short flags mean a password only behind these programs.
const PROGRAMS: Readonly<Record<string, RegExp>> = {
  mysql: /["'\s]-p()([^\s"',]+)/g,
  mariadb: /["'\s]-p()([^\s"',]+)/g,
  sshpass: /["'\s]-p(["',\s]{0,6})([^\s"',]+)/g,
  'redis-cli': /["'\s]-a(["',\s]{1,8})([^\s"',]+)/g,
  mongo: /["'\s]-p(["',\s]{1,8})([^\s"',]+)/g,
  cqlsh: /["'\s]-p(["',\s]{1,8})([^\s"',]+)/g,
  // docker, podman, helm registry, az, oc, skopeo.
  ' login': /["'\s]-p(["',\s]{1,8})([^\s"',]+)/g,
  'create secret': /--from-literal(["'=,\s]{1,8}[\w.-]{1,253}=["']?)([^\s"',]+)/g,
  'certificate-key': /()(?<=^["'=,\s]{1,8})([0-9a-f]{8,64})/g,
  etcdctl: /["'\s]--user(["',=\s]{0,8}[^\s"',:]{0,128}:)([^\s"',]+)/g,
  curl: /["'\s](?:(?:-u|--user|-U|--proxy-user)(?=["',=\s]{0,8}[^\s"',:]{0,128}:)|(?:-b|--cookie)(?=["',=\s]{1,8}[\w.-]{1,64}=))(["',=\s]{0,8}[^\s"',:=]{0,128}[:=])([^\s"',]+)/g,
  ipmitool: /["'\s]-P(["',\s]{1,8})([^\s"',]+)/g,
  unzip: /["'\s]-P(["',\s]{1,8})([^\s"',]+)/g,
  ldapsearch: /["'\s]-w(["',\s]{0,8})([^\s"',]+)/g,
  sqlcmd: /["'\s]-P(["',\s]{1,8})([^\s"',]+)/g,
}

/** `--password x`, `["--token","x"]`, and `-p x` behind programs that take a password so. */
export const cliFlags: Pattern = {
  id: 'cli-flags',
  anchors: [...NAME_ANCHORS, ...Object.keys(PROGRAMS)],
  find(text, index, out) {
    const program = Object.keys(PROGRAMS).find((name) => text.startsWith(name, index))
    if (program !== undefined) return shortFlags(text, index + program.length, program, out)
    const { start, end, name } = identifierAt(text, index)
    if (!name.startsWith('-') || start === end) return end
    GAP.lastIndex = end
    if (!GAP.test(text) || text[GAP.lastIndex] === '-') return end
    const secret = secretName(name)
    const extent = secret && valueExtent(text, GAP.lastIndex)
    if (!secret || !extent || isPlainValue(text.slice(extent.start, extent.end), secret.strong)) return end
    out.push({ start: extent.start, end: extent.end, kind: secret.kind })
    return Math.max(end, extent.end)
  },
}

function shortFlags(text: string, from: number, program: string, out: Span[]): number {
  const flag = PROGRAMS[program]
  if (!flag) return from
  // Up to the end of the command, or to where the next one of its kind begins.
  const next = text.indexOf(program, from)
  const near = text.slice(from, next === -1 ? from + NEAR : Math.min(next, from + NEAR))
  if (program !== 'certificate-key' && !near.includes('-')) return from
  const [command = ''] = near.split(/\n(?!\s*-)/, 1)
  for (const match of command.matchAll(flag)) {
    const value = match[2] ?? ''
    const start = from + match.index + match[0].length - value.length
    if (!isPlainValue(value, true)) out.push({ start, end: start + value.length, kind: 'password' })
  }
  return from
}
