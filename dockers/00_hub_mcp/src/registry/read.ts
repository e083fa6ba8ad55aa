import { didYouMean, nearest } from '@gatehouse/errors'
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml'
import type { z } from 'zod'
import { lineOf } from './lines.ts'
import { claimsOf, type Registry, registrySchema } from './schema.ts'

const MOST_CHARACTERS = 256 * 1024

/** What is wrong with hub.yaml, one line each: `hub.yaml line 7, servers[0].url: expected …`. Values are not repeated. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly code = 'REGISTRY_INVALID'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

type Environment = Record<string, string | undefined>

/**
 * Reads the text of hub.yaml. In URLs `${NAME}` and `${NAME:-default}` are taken from the environment.
 * Throws RegistryError with every problem found.
 */
export function readRegistry(text: string, file: string, environment: Environment = {}): Registry {
  if (text.length > MOST_CHARACTERS) throw new RegistryError([`${file}: more than 256 kB`])
  const value = expanded(parse(text, file), environment)
  const parsed = registrySchema.safeParse(value)
  const at = (path: readonly PropertyKey[]) => `${file} line ${lineOf(text, path)}, ${pathText(path)}`
  if (!parsed.success) throw new RegistryError(parsed.error.issues.flatMap((issue) => messages(issue, at)))
  const conflicts = conflictsOf(parsed.data).map(({ path, message }) => `${at(path)}: ${message}`)
  if (conflicts.length > 0) throw new RegistryError(conflicts)
  return parsed.data
}

function parse(text: string, file: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA, maxAliases: 0, maxDepth: 20 })
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause
    throw new RegistryError([
      `${file}${cause.mark ? ` line ${cause.mark.line + 1}` : ''}: ${cause.reason ?? 'not valid YAML'}`,
    ])
  }
}

function messages(issue: z.core.$ZodIssue, at: (path: readonly PropertyKey[]) => string): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = didYouMean(nearest(key, FIELDS, 1))
      return `${at([...issue.path, key])}: there is no such field${near}`
    })
  }
  // zod says "Invalid input: expected …"; what was there is not repeated.
  const said = issue.message.replace(/^Invalid (input|option|string): /, '').replace(/, received .*$/, '')
  return [`${at(issue.path)}: ${said}`]
}

const FIELDS = [
  ...Object.keys(registrySchema.shape),
  ...'id url prefixes add enabled timeout inFlight queue queueWait maxReplyBytes grace credentials tokenFile keyFile tools'.split(
    ' ',
  ),
  ...'name tokenSha256 readonly perSecond burst file onChange'.split(' '),
]

interface Problem {
  path: PropertyKey[]
  message: string
}

function conflictsOf({ servers, callers }: Registry): Problem[] {
  const found: Problem[] = []
  const twice = (list: readonly string[], path: (index: number) => PropertyKey[], what: string): void => {
    for (const [index, one] of list.entries()) {
      if (list.indexOf(one) < index) found.push({ path: path(index), message: `${what} is there twice` })
    }
  }
  twice(
    servers.map(({ id }) => id),
    (index) => ['servers', index, 'id'],
    'this id',
  )
  const claims = servers.flatMap((server, index) => claimsOf(server).map((claim) => ({ claim, index })))
  twice(
    claims.map(({ claim }) => claim),
    (at) => ['servers', claims[at]?.index ?? 0, 'prefixes'],
    'a prefix of this server',
  )
  twice(
    callers.map(({ name }) => name),
    (index) => ['callers', index, 'name'],
    'this name',
  )
  twice(
    callers.map(({ tokenSha256 }) => tokenSha256),
    (index) => ['callers', index, 'tokenSha256'],
    'this token',
  )
  return found
}

function expanded(value: unknown, environment: Environment): unknown {
  const servers = (value as { servers?: unknown } | null)?.servers
  if (!Array.isArray(servers)) return value
  const filled = servers.map((server: unknown) => {
    const url = (server as { url?: unknown } | null)?.url
    return typeof url === 'string' ? { ...(server as object), url: fill(url, environment) } : server
  })
  return { ...(value as object), servers: filled }
}

function fill(text: string, environment: Environment): string {
  return text.replace(/\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/g, (_all, name: string, fallback = '') => {
    return environment[name] || fallback
  })
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
  return text || 'the file'
}
