import { KUBERNETES_YAML } from '@gatehouse/kubernetes'
import { loadAll, YAMLException } from 'js-yaml'
import type { z } from 'zod'
import { header } from './header.ts'
import { placeholdersOf, substitute } from './placeholders.ts'
import { readValue } from './read-value.ts'
import type { Parameter, Template, Value } from './template.ts'

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** The template of a file `<name>.yaml`. Throws an Error that says the file, and of everything wrong the field and the reason. */
export function parseTemplate(name: string, text: string): Template {
  const file = `${name}.yaml`
  if (!NAME.test(name)) throw wrong(file, ['its name is not lower-case words joined by hyphens'])
  const [first, ...documents] = documentsOf(file, text)
  const head = header.safeParse(first)
  if (!head.success) {
    throw wrong(
      file,
      head.error.issues.map((issue) => `${issue.path.join('.') || 'header'}: ${reasonOf(issue)}`),
    )
  }
  const { parameters: described, ...rest } = head.data
  const parameters = Object.entries(described).map(([key, value]): Parameter => ({ name: key, ...value }))
  const template = { name, ...rest, parameters, documents: documents as Template['documents'] }
  const problems = [...defaultProblems(parameters), ...placeholderProblems(template)]
  if (problems.length === 0) problems.push(...manifestProblems(template))
  if (problems.length > 0) throw wrong(file, problems)
  return template
}

// Of a key zod says in the message that it is wrong, and inside why.
function reasonOf(issue: z.core.$ZodIssue): string {
  const inner = issue.code === 'invalid_key' ? issue.issues[0] : undefined
  return inner?.message ?? issue.message
}

function documentsOf(file: string, text: string): unknown[] {
  try {
    return loadAll(text, { schema: KUBERNETES_YAML, maxAliases: 0 })
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause
    const line = cause.mark ? `line ${cause.mark.line + 1}: ` : ''
    throw new Error(`${file}: ${line}${cause.reason}`, { cause })
  }
}

function defaultProblems(parameters: Parameter[]): string[] {
  return parameters.flatMap((parameter) => {
    const { name, minimum, maximum } = parameter
    if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
      return [`parameters.${name}.minimum: it is above the maximum`]
    }
    if (parameter.default === undefined) return []
    const read = readValue(parameter, parameter.default)
    return 'problem' in read ? [`parameters.${name}.default: ${read.problem}`] : []
  })
}

function placeholderProblems({ parameters, documents }: Template): string[] {
  const known = new Map(parameters.map((parameter) => [parameter.name, parameter]))
  const found = documents.flatMap((document, index) =>
    placeholdersOf(document).map((found) => ({ ...found, path: `document ${index + 1}: ${found.path}` })),
  )
  const unused = parameters.filter(({ name }) => !found.some((placeholder) => placeholder.name === name))
  const misplaced = found.flatMap(({ name, path, whole, inKey }) => {
    const parameter = known.get(name)
    if (inKey) return [`${path}: a placeholder cannot be part of a key`]
    if (!parameter) return [`${path}: \${${name}} is no parameter`]
    // Text with a gap in it would be no one's intention.
    if (!whole && parameter.default === undefined)
      return [`${path}: \${${name}} is part of a text and has no default`]
    return []
  })
  return [...unused.map(({ name }) => `parameters.${name}: no manifest uses it`), ...misplaced]
}

function manifestProblems({ parameters, documents }: Template): string[] {
  if (documents.length === 0) return ['there is no manifest after the header']
  const values = new Map<string, Value>()
  for (const { name, default: value } of parameters) if (value !== undefined) values.set(name, value)
  return documents.flatMap((document, index) => {
    const { apiVersion, kind, metadata } = (substitute(document, values) ?? {}) as Record<string, unknown>
    const where = `document ${index + 1}`
    if (typeof apiVersion !== 'string' || typeof kind !== 'string')
      return [`${where}: apiVersion or kind is missing`]
    // What an object is must not depend on what a caller says.
    if (placeholdersOf([document.apiVersion, document.kind]).length > 0) {
      return [`${where}: apiVersion and kind cannot be placeholders`]
    }
    const name = (metadata as { name?: unknown } | undefined)?.name
    return typeof name === 'string' ? [] : [`${where}: metadata.name is missing with the defaults alone`]
  })
}

function wrong(file: string, problems: string[]): Error {
  return new Error(problems.map((problem) => `${file}: ${problem}`).join('\n'))
}
