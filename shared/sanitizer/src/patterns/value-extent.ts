import { isPlainValue } from './plain-value.ts'

export type Extent = { start: number; end: number; quoted: boolean; list?: true }

const OPENING = /(\\{0,7})(["'])/y
const BLOCK_SCALAR = /(?:!{1,2}[\w./-]{1,60}[ \t]+)?[|>][+-]?\d?[+-]?[ \t]*(?:#[^\n]*)?\n/y
const LIST =
  /\[\s{0,80}\\{0,7}["']([^"'\s]{1,4096}(?:["']|\s{0,16}$)(?:,\s{0,80}\\{0,7}["'][^"'\s]{1,4096}(?:["']|\s{0,16}$)){0,200})/y
const TRIPLE = /"""|'''/y
const HEREDOC = /<<[-~]?["']?([A-Z_]{2,20})["']?\n/y
const LONGEST_TEXT = 16_384
const PLACEHOLDER =
  /(?:\$\{(?:(?:env|input|secrets?|vault|file):)?[\w.-]{1,80}\}|\$\((?:[\w.]{1,80}|(?:openssl rand|cat|uuidgen|pwgen|kubectl get)(?: [\w./-]{1,80}){0,8})\)|<[a-z][^<>\n]{0,160}>|<[A-Z][A-Z0-9_]{0,80}>|\d{1,9} bytes)(?=[\s"'`,;)}\]\\]|$)/y

/**
 * Where the value that begins at `index` ends: a quoted string, a YAML block, or a run without blanks.
 * Undefined where no value begins (end of line, placeholder, an object or a list).
 */
export function valueExtent(text: string, index: number): Extent | undefined {
  const sign = text[index]
  if (sign === undefined || sign === '\n' || sign === '{' || isPlaceholder(text, index, sign)) {
    return undefined
  }
  if (sign === '[' && !text.startsWith('[redacted:', index)) return list(text, index)
  if (sign === '|' || sign === '>' || sign === '!') {
    BLOCK_SCALAR.lastIndex = index
    if (BLOCK_SCALAR.test(text)) return block(text, index, BLOCK_SCALAR.lastIndex)
  }
  const lines = sign === '"' || sign === "'" || sign === '<' ? severalLines(text, index) : undefined
  if (lines) return lines
  OPENING.lastIndex = index
  const opening = sign === '"' || sign === "'" || sign === '\\' ? OPENING.exec(text) : undefined
  if (opening) return quoted(text, OPENING.lastIndex, opening[1]?.length ?? 0, opening[2] ?? '"')
  const end = bareEnd(text, index)
  return end > index ? { start: index, end, quoted: false } : undefined
}

function isPlaceholder(text: string, index: number, sign: string): boolean {
  if (sign !== '$' && sign !== '<' && !/\d/.test(sign)) return false
  PLACEHOLDER.lastIndex = index
  return PLACEHOLDER.test(text)
}

/** `["a","b"]`, from the first string to the last. */
function list(text: string, index: number): Extent | undefined {
  LIST.lastIndex = index
  const items = LIST.exec(text)?.[1]
  if (items === undefined) return undefined
  const end = LIST.lastIndex - (/\\{0,7}["']$|\s*$/.exec(items)?.[0].length ?? 0)
  return { start: LIST.lastIndex - items.length, end, quoted: true, list: true }
}

/** Strings in three quotes and here-documents. */
function severalLines(text: string, index: number): Extent | undefined {
  TRIPLE.lastIndex = index
  HEREDOC.lastIndex = index
  const closing = TRIPLE.exec(text)?.[0]
  const label = closing === undefined ? HEREDOC.exec(text)?.[1] : undefined
  if (closing === undefined && label === undefined) return undefined
  const start = closing === undefined ? HEREDOC.lastIndex : index + closing.length
  const rest = text.slice(start, start + LONGEST_TEXT)
  const at = closing === undefined ? rest.search(new RegExp(`^[ \\t]*${label}$`, 'm')) : rest.indexOf(closing)
  const value = at === -1 ? rest : rest.slice(0, at)
  const from = start + value.length - value.trimStart().length
  return { start: from, end: Math.max(from, start + value.trimEnd().length), quoted: true }
}

/** Inside a string that is itself escaped `depth` times, only a quote with as many backslashes closes. */
function quoted(text: string, start: number, depth: number, quote: string): Extent {
  let slashes = 0
  let i = start
  for (; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') slashes++
    else {
      if (text[i] === quote && (depth === 0 ? slashes % 2 === 0 : slashes <= depth))
        return { start, end: i - (depth && slashes), quoted: true }
      slashes = 0
    }
  }
  return { start, end: i, quoted: true }
}

/** A block scalar lasts as long as lines are blank or indented deeper than the line of its key. */
function block(text: string, index: number, from: number): Extent {
  const outer = indentOf(text, text.lastIndexOf('\n', index) + 1)
  let end = from
  while (end < text.length) {
    const next = text.indexOf('\n', end)
    const lineEnd = next === -1 ? text.length : next
    if (text.slice(end, lineEnd).trim() !== '' && indentOf(text, end) <= outer) break
    end = Math.min(lineEnd + 1, text.length)
  }
  while (end > from && /\s/.test(text[end - 1] ?? '')) end--
  const start = from + Math.max(0, text.slice(from, end).search(/\S/))
  return { start, end, quoted: true }
}

function indentOf(text: string, start: number): number {
  let i = start
  while (text[i] === ' ' || text[i] === '\t' || (i === start && /[+-]/.test(text[i] ?? ''))) i++
  return i - start
}

// A closing sign ends a bare value only where something that can follow a value follows it: passwords
// contain commas and brackets.
const CLOSES =
  /[)\]}>"'`]{1,8}(?=[\s,;:.)\]}>"'`\\&|]|$)|[,;&|](?=\s|$|\\{0,7}["'`]|[\w.-]{1,64}\s?[=:]|[{[(])|\\{1,7}["'`](?=[\s,;:)\]}\\]|$)|<\//y

function bareEnd(text: string, start: number): number {
  let i = start
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code <= 32 && code !== 0) break
    if ((code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 0)
      continue
    if (text.startsWith('[redacted:', i)) {
      const close = text.slice(i, i + 64).indexOf(']')
      if (close !== -1) i += close
      continue
    }
    CLOSES.lastIndex = i
    if (CLOSES.test(text)) break
  }
  return i
}

/** Whether the value of a weak name reads as a sentence: `token: signature is invalid`. */
export function readsAsProse(text: string, extent: Extent, strong: boolean): boolean {
  if (extent.quoted) return false
  const word = text.slice(extent.start, extent.end)
  if (isPlainValue(word, strong)) return true
  if (strong || !/^[A-Za-z][a-z']*[,.:;]?$/.test(word)) return false
  // A mark of ours where a word stood changes nothing, or each pass would find one value more.
  return /^ (?:[A-Za-z][a-z']*|\0)(?:[\s,.:;]|$)/.test(text.slice(extent.end, extent.end + 32))
}
