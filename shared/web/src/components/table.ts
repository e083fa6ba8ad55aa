import { attributes, type Html, html, nothing, type Shown } from '../html/html.ts'

export interface TableColumn {
  head: Shown
  /** Numbers stand on the right. */
  number?: boolean
  /** Where rows are blocks, the cell says its heading. */
  labelled?: boolean
}

/** A table one can scan; on a phone each row becomes a block that begins with its first cell. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly Html[])[],
  kind: 'stacked' | 'stacked even' = 'stacked',
): Html {
  const heads = columns.map(
    ({ head, number }) => html`<th scope="col"${attributes({ class: number && 'number' })}>${head}</th>`,
  )
  const body = rows.map((cells) => {
    const tds = cells.map(
      (cell, index) =>
        html`<td${attributes({ class: columns[index]?.number && 'number', 'data-label': index > 0 && labelOf(columns[index]) })}>${cell}</td>`,
    )
    return html`<tr>${tds}</tr>`
  })
  return html`<div class="scroll"><table class="${kind}"><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`
}

function labelOf(column: TableColumn | undefined): Shown | undefined {
  return column?.labelled ? column.head : undefined
}

/** Labels and what they say, one below the other; rows without content are left out. */
export function definitions(rows: readonly (readonly [Shown, Html | false | undefined])[]): Html {
  const shown = rows.flatMap(([label, content]) =>
    content ? [html`<div><dt>${label}</dt><dd>${content}</dd></div>`] : [],
  )
  return html`<dl class="rows">${shown}</dl>`
}

/** Sentences, one per line. */
export function lines(texts: readonly Html[]): Html {
  if (texts.length === 1) return texts[0] ?? nothing
  return html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`
}
