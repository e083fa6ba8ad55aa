import type { SecretName } from './secret-name.ts'

// Words that stand behind `token:` or `password:` in prose and settings, and are no secrets.
const WORDS = new Set(
  (
    'a an the is are was were be been has have had not no non none null nil undefined true false yes on off must should ' +
    'may can cannot could will would failed fail failure failing error errors invalid expired expires missing required optional ' +
    'unknown unable unset empty found unauthorized forbidden denied rejected refused accepted granted wrong incorrect ' +
    'mismatch mismatched malformed bad valid verified ok okay success successful enabled disabled default auto automatic ' +
    'manual basic bearer digest oidc ldap saml oauth oauth2 rbac abac node webhook mtls tls ssl jwt kerberos token tokens ' +
    'secret secrets password passwords key keys credential credentials configmap volume authentication authorization ' +
    'authenticated user users username for from in of to with without by and or but if when while because since until ' +
    'please check see use using used changed updated created deleted rotated rotating refreshed refreshing loading loaded ' +
    'reading read get got set context post put request response signature unexpected expected unsupported string ' +
    'redacted hidden masked omitted withheld removed always never ifnotpresent opaque this that it its rpc dial http amd64 arm64 i386 all'
  ).split(' '),
)

const PLACEHOLDER =
  /^(?:\$\{(?:(?:env|input|secrets?|vault|file):)?[\w.-]{1,80}\}|\$\([\w.]{1,80}\)|\$[A-Z_][A-Z0-9_]*|\$\d{1,3}|\?|\{\{[^{}]{0,120}\}\}|<[a-z][a-z0-9 '"_./-]{0,120}>|<[A-Z][A-Z0-9_]{0,80}>|%[svdqw]|\*{3,}|[xX]{3,16}|\.{3}|…|~|-+|\{\}|\[\])$/
const NUMBER_LIKE =
  /^[-+]?\d[\d_,.]{0,19}(?:e\d{1,3})?(?:%|ns|us|µs|ms|s|m|h|d|w|[kKMGT]i?B?)?$|^(?:\d{1,6}(?:ms|s|m|h|d))+$/
const VERSION = /^[~^v]?\d{1,4}(?:\.\d{1,6}){1,3}$/
const PATH = /^(?:\.{0,2}\/)(?:[a-zA-Z]?[a-z0-9._-]{1,64}\/){1,16}[a-z0-9._-]{1,64}$/
const SETTING = /^[a-z_]{2,40}=\d[\d.]{0,12}[a-z%]{0,3}[,;]?$/
const REFERENCE = /^[a-z][a-z0-9-]{0,62}\/[a-z0-9][a-z0-9.-]{0,252}$/
// A header's scheme says nothing of what stands behind it.
const SCHEME = /^(?:bearer|basic|token) +(?=[$<{*%])/i
const SIGNS = /^[^A-Za-z0-9\0]+$/
const LONGEST_WORD = 32
const SIZE_NOTE = /^\d{1,9} bytes$/

/**
 * Whether a value is plainly no secret: empty, a placeholder, a known word, and for weak names also a
 * number, a duration or a path.
 */
export function isPlainValue(value: string, strong: boolean): boolean {
  const plain = value.trim()
  const trimmed = plain.includes(' ') ? plain.replace(SCHEME, '') : plain
  if (trimmed === '' || isWord(trimmed)) return true
  if (PLACEHOLDER.test(trimmed) || SIZE_NOTE.test(trimmed)) return true
  if (strong) return false
  return (
    SIGNS.test(trimmed) ||
    NUMBER_LIKE.test(trimmed) ||
    VERSION.test(trimmed) ||
    PATH.test(trimmed) ||
    SETTING.test(trimmed)
  )
}

function isWord(value: string): boolean {
  if (value.length > LONGEST_WORD || !/^[A-Za-z]/.test(value)) return false
  const lower = value.toLowerCase()
  return WORDS.has(lower) || WORDS.has(lower.replace(/[.,:;!]+$/, ''))
}

/** Whether a value is no secret under its name; some names also stand before the name of a Secret. */
export function isPlainUnder(name: SecretName, value: string): boolean {
  return isPlainValue(value, name.strong) || (name.refers === true && REFERENCE.test(value.trim()))
}
