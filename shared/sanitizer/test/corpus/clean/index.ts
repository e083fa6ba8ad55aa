import { Random } from '../random.ts'
import { fill } from './fill.ts'
import { kubernetes } from './kubernetes.ts'
import { otherText } from './other-text.ts'
import { programLogs } from './program-logs.ts'
import { serverLogs } from './server-logs.ts'

const TEMPLATES = [...serverLogs, ...programLogs, ...kubernetes, ...otherText]
const PAGE = 200

/** Configuration as it travels in base64: nobody's secret. */
const CONFIGURATIONS: readonly string[] = [
  'server:\n  port: 8080\n  host: {w}.{ns}.svc\nlog:\n  level: info\n  format: json\n',
  '{"replicas":{n},"image":"registry.example/{w}:{v}","ports":[80,443],"id":"{uuid}"}',
  '<configuration><appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender"/></configuration>',
  '[{w}]\nmax_connections = {n}\nidle_timeout = {dur}\ndata_dir = /var/lib/{w}\n',
]

/** Pages of lines without any secret, `lines` in all or a few more. */
export function cleanPages(seed: number, lines: number): string[] {
  const pages: string[] = []
  for (let made = 0, page = 0; made < lines; page++) {
    const random = new Random(seed, `clean ${page}`)
    const text = cleanPage(random)
    pages.push(text)
    made += text.split('\n').length
  }
  return pages
}

function cleanPage(random: Random): string {
  const lines: string[] = []
  // Real pages come from one source mostly: a few templates, repeated.
  const templates = Array.from({ length: random.between(2, 8) }, () => random.pick(TEMPLATES))
  while (lines.length < PAGE) {
    const text = random.chance(0.03) ? encodedConfiguration(random) : fill(random.pick(templates), random)
    lines.push(...text.split('\n'))
  }
  return lines.join('\n')
}

function encodedConfiguration(random: Random): string {
  const encoded = Buffer.from(fill(random.pick(CONFIGURATIONS), random)).toString('base64')
  return `  ${random.pick(['config.yaml', 'app.json', 'blob', 'logback.xml'])}: ${encoded}`
}

/** Lines of a page that do not come out as they went in. */
export function touchedLines(page: string, sanitised: string): string[] {
  if (page === sanitised) return []
  const left = sanitised.split('\n')
  const lines = page.split('\n')
  if (left.length === lines.length) return lines.filter((line, i) => line !== left[i])
  const remaining = new Set(left)
  return lines.filter((line) => !remaining.has(line))
}
