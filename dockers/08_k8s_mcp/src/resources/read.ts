import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Sanitizer } from '@gatehouse/sanitizer'
import { estimateTokens, type ResourceText } from '@gatehouse/tools'
import { topicMarkdown } from '../documentation/topic.ts'
import { topicNamed } from '../documentation/topics.ts'
import { type FieldPage, fieldPage } from '../reference/field-page.ts'
import type { Answered, References } from '../reference/references.ts'
import { fillTemplate, manifestYaml, template } from '../templates/index.ts'

const MOST_TOKENS = 3_500
const MOST_OF_ROW = 160

/** The resource at an address. @throws GatehouseError NOT_FOUND or INVALID_INPUT with the nearest names */
export async function readResource(
  uri: string,
  references: References,
  sanitizer: Sanitizer,
  signal: AbortSignal,
): Promise<ResourceText> {
  const [, scheme = '', path = '', search = ''] = /^([a-z]+):\/\/([^?#]*)(\?[^#]*)?$/.exec(uri) ?? []
  const query = new URLSearchParams(search)
  switch (scheme) {
    case 'docs':
      return {
        mimeType: 'text/markdown',
        text: sanitizer.text(topicMarkdown(await topicNamed(path))),
      }
    case 'template': {
      const objects = fillTemplate(await template(path), Object.fromEntries(query))
      return { mimeType: 'application/yaml', text: sanitizer.blind().text(manifestYaml(objects)) }
    }
    case 'api': {
      const [group = '', version = '', kind = ''] = path.split('/')
      const name = { group: group === 'core' ? '' : group, version, kind }
      const field = query.get('field') ?? ''
      const answered = await references.ask(query.get('version') ?? undefined, (source) =>
        fieldPage(source, name, field, signal),
      )
      return { mimeType: 'text/plain', text: sanitizer.fence(fieldText(answered), 'API reference') }
    }
    default: {
      const schemes = ['docs', 'template', 'api']
      const near = didYouMean(nearest(scheme, schemes).map((one) => `${one}://`))
      throw new GatehouseError('NOT_FOUND', `There is no such resource${near}`, {
        hint: 'Addresses begin with docs://, template:// or api://; resources/list has those with a name',
      })
    }
  }
}

// As many fields as fit a reply; the others are a page further down.
function fieldText({ value, source, note }: Answered<FieldPage>): string {
  const head = [
    `${[value.kind, value.field].filter(Boolean).join('.')} (${value.apiVersion}), Kubernetes ${source.version}`,
    [value.type, value.required ? 'required' : '', ...factsOf(value)].filter(Boolean).join('; '),
    value.description.slice(0, 2_000),
    ...(note ? [`note: ${note}`] : []),
  ]
  const rows = value.fields.flatMap((one) => [one, ...(one.fields ?? [])])
  const lines = rows.map((row) => {
    const facts = [row.type, row.required ? 'required' : '', ...factsOf(row)].filter(Boolean).join('; ')
    return `${row.path} <${facts}> ${firstSentence(row.description)}`
  })
  const shown: string[] = []
  let tokens = estimateTokens(head.join('\n'))
  for (const line of lines) {
    tokens += estimateTokens(line) + 1
    if (tokens > MOST_TOKENS) break
    shown.push(line)
  }
  const count = `${shown.length} of ${lines.length} fields shown${shown.length < lines.length ? '; ask for one with ?field=' : ''}`
  return [...head, ...shown, count].join('\n')
}

function factsOf(row: { default?: string; enum?: string[]; limits?: string }): string[] {
  return [
    row.default === undefined ? '' : `default ${row.default}`,
    row.enum ? `one of ${row.enum.slice(0, 12).join(', ')}` : '',
    row.limits ?? '',
  ]
}

function firstSentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  const end = /\.(?=\s+[A-Z"`])/.exec(line)
  return line.slice(0, Math.min(end ? end.index + 1 : line.length, MOST_OF_ROW))
}
