import type { References } from '@gatehouse/kubernetes'
import { Page, toTable } from '@gatehouse/tools'
import { z } from 'zod'
import { targetLine } from './description.ts'
import { target } from './schemas/output.ts'

const row = z.object({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  how: z.string(),
  containers: z.array(z.string()).optional(),
  detail: z.string().optional(),
})

export const referenceList = z.object({
  target,
  total: z.int(),
  shown: z.int(),
  items: z.array(row),
  note: z.string().optional(),
})
export type ReferencesReply = z.infer<typeof referenceList>

/** As many rows as the reply's budget holds; what is left out is said. */
export function referencesPage({ target: where, items, note }: References): Page<ReferencesReply> {
  return new Page(items, (rows) => {
    const cut = rows.length < items.length ? 'raise maxTokens to see the rest' : undefined
    const notes = [note, cut].filter((one) => one !== undefined).join('; ')
    return {
      target: where,
      total: items.length,
      shown: rows.length,
      items: items.slice(0, rows.length),
      ...(notes && { note: notes }),
    }
  })
}

export function referencesText({ target: where, total, shown, items, note }: ReferencesReply): string {
  const rows = items.map(({ containers, ...rest }) => ({ ...rest, containers: containers?.join(', ') }))
  const columns = ['kind', 'name', 'namespace', 'how', 'containers', 'detail']
  const used = columns.filter((column) => rows.some((one) => Reflect.get(one, column)))
  const body =
    total === 0 ? 'none found: nothing refers to it' : `${toTable(rows, used)}\n${shown} of ${total} shown`
  return `${targetLine(where)}\n${body}${note ? `\nnote: ${note}` : ''}`
}
