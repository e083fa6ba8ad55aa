import type { Cell } from './table.ts'

// Shorter ones would be found in words that have nothing to do with them; a cell that equals one is replaced anyway.
const SHORTEST_PART = 6
// For what masking has taken out with its name.
const WITHHELD = '[withheld: masked in the object]'

/** What stood in an object and what masking put there. */
type Replaced = Map<string, string>

/**
 * Printed cells without what masking took out of their object: whoever defines a kind may print any of its fields.
 * A cell is the text of a field, or the JSON of a part of the object.
 */
export function maskedCells(cells: readonly Cell[], raw: unknown, masked: unknown): Cell[] {
  const replaced: Replaced = new Map()
  collect(raw, masked, replaced)
  if (replaced.size === 0) return [...cells]
  return cells.map((cell) => (cell === null || typeof cell === 'boolean' ? cell : maskCell(cell, replaced)))
}

function maskCell(cell: string | number, replaced: Replaced): Cell {
  const whole = replaced.get(String(cell)) ?? replaced.get(numberText(cell))
  if (whole !== undefined) return whole
  if (typeof cell === 'number') return cell
  let text = /^[[{]/.test(cell) ? maskJson(cell, replaced) : cell
  for (const [value, mark] of replaced) {
    if (value.length >= SHORTEST_PART) text = text.replaceAll(value, () => mark)
  }
  return text
}

function maskJson(text: string, replaced: Replaced): string {
  try {
    return JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
      typeof value === 'string' || typeof value === 'number' ? (replaced.get(String(value)) ?? value) : value,
    )
  } catch {
    return text
  }
}

// Go prints large numbers as 8.473112e+07.
function numberText(cell: string | number): string {
  return cell === '' || Number.isNaN(Number(cell)) ? '' : String(Number(cell))
}

function collect(raw: unknown, masked: unknown, replaced: Replaced): void {
  if (raw === null || raw === masked) return
  if (typeof raw !== 'object') {
    const text = String(raw)
    if (typeof raw !== 'boolean' && text !== '') replaced.set(text, String(masked ?? WITHHELD))
    return
  }
  const inside =
    masked !== null && typeof masked === 'object' ? (masked as Record<string, unknown>) : undefined
  for (const [key, value] of Object.entries(raw)) {
    // Dropped to save space, not because it is secret.
    if (key !== 'managedFields') collect(value, inside ? inside[key] : masked, replaced)
  }
}
