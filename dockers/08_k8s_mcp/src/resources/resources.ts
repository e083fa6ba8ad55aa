import type { Sanitised, Sanitizer } from '@gatehouse/sanitizer'
import type { Resources } from '@gatehouse/tools'
import type { Knowledge } from '../knowledge.ts'

const TEMPLATES = [
  {
    uriTemplate: 'docs://{topic}',
    name: 'docs',
    title: 'A topic of the documentation',
    mimeType: 'text/markdown',
  },
  {
    uriTemplate: 'template://{name}',
    name: 'template',
    title: 'A manifest to start from; its parameters as a query (?replicas=3)',
    mimeType: 'application/yaml',
  },
  {
    uriTemplate: 'api://{group}/{version}/{kind}',
    name: 'api',
    title: "A kind, or with ?field=spec.replicas one of its fields; the group of Pods is 'core'",
    mimeType: 'text/plain',
  },
]

/** Topics, templates and the API reference by address. What reads them is loaded when somebody does. */
export function createResources(knowledge: () => Promise<Knowledge>, sanitizer: Sanitizer): Resources {
  return {
    templates: TEMPLATES,
    async list() {
      const { entries } = await import('./list.ts')
      return entries(sanitizer)
    },
    async read(uri, signal) {
      const { readResource } = await import('./read.ts')
      return readResource(uri, (await knowledge()).references, sanitizer, signal)
    },
    async complete(uriTemplate, { name, value }, chosen) {
      const { valuesOf } = await import('./complete.ts')
      const values = await valuesOf(uriTemplate, name, chosen, (await knowledge()).references)
      return matching(values, value, sanitizer)
    },
  }
}

function matching(values: readonly string[], typed: string, { text }: Sanitizer): Sanitised<string>[] {
  const wanted = typed.toLowerCase()
  const begins = values.filter((value) => value.toLowerCase().startsWith(wanted))
  const holds = values.filter((value) => value.toLowerCase().includes(wanted) && !begins.includes(value))
  return [...begins, ...holds].map((value) => text(value))
}
