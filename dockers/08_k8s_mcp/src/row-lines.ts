import type { ListingReply } from './schemas/output.ts'

type Item = ListingReply['items'][number]

/** Rows as text: a header of column names as `columns` and `where` take them, then a line each. */
export function rowLines(items: readonly Item[]): string[] {
  const names = [...new Set(items.flatMap(Object.keys))]
  const [name, count] = names
  const lines =
    names.length === 2 && name !== undefined && count === 'count'
      ? countLines(items, name)
      : items.map((item) => names.map((column) => cellText(item[column])).join('  '))
  return [names.join('  '), ...lines.map((line) => line.trimEnd())]
}

// Many images of one registry that run equally often need the registry and the number once.
function countLines(items: readonly Item[], name: string): string[] {
  const lines: string[] = []
  const rows = items.map((item) => ({ text: cellText(item[name]), count: cellText(item.count) }))
  for (let at = 0; at < rows.length; ) {
    const { text, count } = rows[at] ?? { text: '', count: '' }
    const prefix = text.slice(0, text.lastIndexOf('/') + 1)
    const alike = (row: (typeof rows)[number]) =>
      row.count === count && row.text.startsWith(prefix) && !row.text.slice(prefix.length).includes('/')
    let end = at
    while (end < rows.length && alike(rows[end] ?? { text: '', count: '' })) end++
    const run = rows.slice(at, end).map((row) => row.text.slice(prefix.length))
    if (prefix !== '' && run.length > 2) lines.push(`${prefix}{${tagsTogether(run)}}  ${count} each`)
    else for (const short of run) lines.push(`${prefix}${short}  ${count}`)
    at = end
  }
  return lines
}

// `web:1.0 :1.1 db:2`: a name is not repeated for its next tag.
function tagsTogether(images: readonly string[]): string {
  const name = (image: string | undefined) => image?.slice(0, image.indexOf(':') + 1)
  return images
    .map((image, index) =>
      name(image) && name(image) === name(images[index - 1]) ? image.slice(image.indexOf(':')) : image,
    )
    .join(' ')
}

function cellText(value: Item[string] | undefined): string {
  if (value === undefined || value === null || value === '') return '-'
  return (Array.isArray(value) ? value.join(',') || '-' : String(value)).replaceAll(/\s*\n\s*/g, ' ')
}
