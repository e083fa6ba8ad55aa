import type { Sanitizer } from '@gatehouse/sanitizer'
import type { ResourceEntry } from '@gatehouse/tools'
import { topics } from '../documentation/topics.ts'
import { templates } from '../templates/index.ts'

/** Every topic and every template; kinds of the reference are too many to list, and are reached by name. */
export async function entries({ text }: Sanitizer): Promise<ResourceEntry[]> {
  const written = (await topics()).map(({ name, title }) => ({
    uri: text(`docs://${name}`),
    name: text(name),
    title: text(title),
    mimeType: 'text/markdown',
  }))
  const made = (await templates()).map(({ name, title }) => ({
    uri: text(`template://${name}`),
    name: text(name),
    title: text(title),
    mimeType: 'application/yaml',
  }))
  return [...written, ...made]
}
