// One cheap test decides for nearly all strings: printable ASCII, tab, newline and Latin letters need nothing.
const SUSPECT = /[^\t\n\x20-\x7e\xa1-\xac\xae-\u02ff]/

// OSC, DCS, SOS, PM and APC carry hidden text up to a terminator: the whole string goes. Then CSI, then
// other escapes. Runs stop at the next escape, so hostile input stays linear.
const ANSI = new RegExp(
  [
    '(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c\\n]{0,4096}(?:\\x07|\\x1b\\\\|\\x9c)',
    '(?:\\x1b\\[|\\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]',
    '\\x1b[ -/]{0,8}[0-~]',
  ].join('|'),
  'g',
)

const LINE_BREAKS = /\r\n|[\r\u2028\u2029\x85]/g

// C0 and C1 without tab and newline, soft hyphen, zero-width, bidi controls, fillers, interlinear marks,
// invisible musical controls, variation selectors supplement and the tag block.
const HIDDEN =
  '\\x01-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f' +
  '\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb' +
  '\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}'
const INVISIBLE = new RegExp(`[\\x00${HIDDEN}]`, 'gu')

// An emoji keeps its variation selector; behind ASCII a selector only serves to split a word.
const SPLITTING_SELECTOR = /([\x21-\x7e])[\ufe00-\ufe0f]+/g

/**
 * Removes what a terminal or a reader would not show, so that patterns see what people see.
 * Lone surrogates become U+FFFD, every line break becomes \n. Applying it twice changes nothing.
 */
export function normalise(text: string): string {
  if (!SUSPECT.test(text)) return text
  return text
    .toWellFormed()
    .replace(ANSI, '')
    .replace(LINE_BREAKS, '\n')
    .replace(INVISIBLE, '')
    .replace(SPLITTING_SELECTOR, '$1')
}

/** What `normalise` would remove, one after the other, for text that was written in escapes. NUL stays: it holds a mark. */
export const REMOVED: readonly RegExp[] = [ANSI, new RegExp(`[${HIDDEN}]`, 'gu')]
