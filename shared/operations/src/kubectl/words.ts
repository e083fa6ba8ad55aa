import { mistaken, quoted, refused } from './refusal.ts'

const LONGEST = 32_768
const MOST_WORDS = 500

// What a shell would act on instead of handing it over, and what a caller is told about it.
const ACTIVE: Record<string, string> = {
  '|': 'pipes are not run; filters such as -l, --tail and -o are flags',
  '&': 'nothing is run in the background or behind another command; send one command per call',
  ';': 'one command per call',
  '<': 'files are not read; a manifest goes into stdin',
  '>': 'nothing is written to files',
  '(': 'there is no subshell',
  ')': 'there is no subshell',
  $: 'variables and substitutions are not expanded; write the value, or put a literal $ in single quotes',
  '`': 'commands are not substituted',
  '*': 'there are no wildcards; put a literal * in single quotes',
  '?': 'there are no wildcards; put a literal ? in single quotes',
  '[': 'there are no wildcards; put a literal [ in single quotes',
  '{': 'braces are not expanded; put JSON in single quotes',
  '}': 'braces are not expanded; put JSON in single quotes',
}
// Only where a word begins.
const LEADING: Record<string, string> = {
  '#': 'comments are not read',
  '~': 'there is no home folder; put a literal ~ in single quotes',
  '!': 'there is no history and no negation; put a literal ! in single quotes',
}
const BLANK = /[ \t]/
// Controls, invisible and direction-changing characters: what a person reads must be what is meant.
const UNREADABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u

interface Reading {
  text: string
  at: number
  words: string[]
  word: string | undefined
}

/**
 * The words of one command as a POSIX shell would read them, with single quotes, double quotes and backslashes. Whatever
 * a shell would act on (pipes, substitutions, wildcards, …) is refused with the reason.
 */
export function wordsOf(command: string): string[] {
  if (command.length > LONGEST) throw mistaken(`the command is longer than ${LONGEST} characters`)
  checkReadable(command)
  const reading: Reading = { text: command, at: 0, words: [], word: undefined }
  while (reading.at < command.length) step(reading)
  endWord(reading)
  if (reading.words.length > MOST_WORDS) throw mistaken(`more than ${MOST_WORDS} words`)
  return reading.words
}

function checkReadable(command: string): void {
  const bad = UNREADABLE.exec(command.replaceAll('\t', ' '))
  if (!bad) return
  const [char] = bad
  if (char === '\n' || char === '\r') throw refused('there is more than one line; one command per call')
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw refused(
    `the character U+${code} at position ${bad.index + 1} cannot be seen or changes how text is read`,
  )
}

function step(reading: Reading): void {
  const char = reading.text.charAt(reading.at)
  if (BLANK.test(char)) {
    endWord(reading)
    reading.at++
  } else if (char === "'") single(reading)
  else if (char === '"') double(reading)
  else if (char === '\\') {
    const next = reading.text.charAt(reading.at + 1)
    if (next === '') throw mistaken('it ends with a backslash')
    add(reading, next, 2)
  } else {
    const begins = reading.word === undefined
    const reason = own(ACTIVE, char) ?? (begins ? own(LEADING, char) : undefined)
    if (reason) throw refused(`${quoted(char)} at position ${reading.at + 1}: ${reason}`)
    if (/[‘’‚‛“”„‟«»‹›]/.test(char)) {
      throw mistaken(`typographic quotes at position ${reading.at + 1} are no quotes; write ' or "`)
    }
    add(reading, char, 1)
  }
}

function single(reading: Reading): void {
  const end = reading.text.indexOf("'", reading.at + 1)
  if (end === -1) throw mistaken(`the quote at position ${reading.at + 1} is not closed`)
  add(reading, reading.text.slice(reading.at + 1, end), end + 1 - reading.at)
}

function double(reading: Reading): void {
  const { text } = reading
  let value = ''
  for (let at = reading.at + 1; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '"') {
      add(reading, value, at + 1 - reading.at)
      return
    }
    if (char === '$' || char === '`') {
      throw refused(`${quoted(char)} at position ${at + 1}: ${ACTIVE[char]}`)
    }
    if (char === '\\' && /["$`\\]/.test(text.charAt(at + 1))) value += text.charAt(++at)
    else value += char
  }
  throw mistaken(`the quote at position ${reading.at + 1} is not closed`)
}

function add(reading: Reading, text: string, length: number): void {
  reading.word = (reading.word ?? '') + text
  reading.at += length
}

function endWord(reading: Reading): void {
  if (reading.word !== undefined) reading.words.push(reading.word)
  reading.word = undefined
}

function own(table: Record<string, string>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

/** A word as it must be written to be read as itself. Undefined for texts no command can carry. */
export function quoteWord(word: string): string | undefined {
  if (UNREADABLE.test(word)) return undefined
  if (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word)) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}
