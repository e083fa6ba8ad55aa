import { DEFAULT_SCALAR_STYLE_RULES, dump, SCALAR_STYLE, type ScalarStyleRule } from 'js-yaml'

// Begins with a letter or "/": what begins with a digit, sign or dot may be a number to Go, which also takes 0_x1F.
const PLAIN = /^[A-Za-z/]([A-Za-z0-9 ._/@+=~$(){}%,:-]*[A-Za-z0-9._/@+=~$(){}%-])?$/
// Quantities and options of programs, which are in most manifests and no numbers to anyone.
const PLAIN_TOO = /^([1-9]\d*(m|[KMGTP]i)|--?[a-z][a-z-]*)$/
const WORDS = /^(y|n|yes|no|on|off|true|false|null)$/i
// No line separator (NEL, U+2028) is a letter, mark, number, punctuation or symbol.
const LINE = /^[ \p{L}\p{M}\p{N}\p{P}\p{S}]*$/u

// What nobody sees, such as marks that turn the direction of writing: escaped, and only in quotes, where all of it is.
const UNSEEN = /[\p{Cf}\p{Co}\p{Cn}]/gu

const forKubernetes: ScalarStyleRule = (layout) => {
  const { tag, value } = layout.node
  if (layout.style !== SCALAR_STYLE.PLAIN || tag !== 'tag:yaml.org,2002:str') return
  if (value.includes('\n') ? isPlainBlock(value) : isPlain(value)) return
  const quoted = /["\\]/.test(value) && LINE.test(value)
  layout.style = quoted ? SCALAR_STYLE.SINGLE_QUOTED : SCALAR_STYLE.DOUBLE_QUOTED
}

function isPlain(value: string): boolean {
  if (PLAIN_TOO.test(value)) return true
  return PLAIN.test(value) && !WORDS.test(value) && !/: | #|:$/.test(value)
}

function isPlainBlock(value: string): boolean {
  const lines = value.replace(/\n$/, '').split('\n')
  const [first = '', last = ''] = [lines[0], lines.at(-1)]
  return /^[^ ]/.test(first) && last !== '' && lines.every((line) => LINE.test(line) && !line.endsWith(' '))
}

/**
 * The objects as YAML, one document each, which kubectl and the API server read as exactly the same data: what YAML 1.1,
 * 1.2 or Go could take for anything but text is quoted.
 */
export function manifestYaml(objects: readonly object[]): string {
  return objects
    .map((object) =>
      dump(object, {
        lineWidth: -1,
        noRefs: true,
        quoteStyle: 'double',
        scalarStyleRules: [forKubernetes, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)],
      }),
    )
    .join('---\n')
    .replace(UNSEEN, escaped)
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase()
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`
}

/** The objects as one for JSON: itself, or a List, which kubectl takes as several. */
export function manifestObject(objects: readonly object[]): object {
  const [first] = objects
  return objects.length === 1 && first ? first : { apiVersion: 'v1', kind: 'List', items: objects }
}
