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
  /^(?:\$\{[\w.]{1,80}\}|\$\([\w.]{1,80}\)|\$[A-Z_][A-Z0-9_]*|\{\{[^{}]{0,120}\}\}|<[a-z][a-z0-9 '"_./-]{0,120}>|%[svdqw]|\*{3,}|[xX]{3,16}|\.{3}|…|~|-+|\{\}|\[\])$/
const NUMBER_LIKE =
  /^[-+]?\d[\d_,.]{0,19}(?:e\d{1,3})?(?:%|ns|us|µs|ms|s|m|h|d|w|[kKMGT]i?B?)?$|^(?:\d{1,6}(?:ms|s|m|h|d))+$/
const VERSION = /^[~^v]?\d{1,4}(?:\.\d{1,6}){1,3}$/
const PATH = /^(?:\.{0,2}\/)(?:[a-zA-Z]?[a-z0-9._-]{1,64}\/){1,16}[a-z0-9._-]{1,64}$/
const SIZE_NOTE = /^\d{1,9} bytes$/

/**
 * Whether a value is plainly no secret: empty, a placeholder, a known word, and for weak names also a
 * number, a duration or a path.
 */
export function isPlainValue(value: string, strong: boolean): boolean {
  const trimmed = value.trim()
  if (trimmed === '' || WORDS.has(trimmed.toLowerCase().replace(/[.,:;!]+$/, ''))) return true
  if (PLACEHOLDER.test(trimmed) || SIZE_NOTE.test(trimmed)) return true
  return !strong && (NUMBER_LIKE.test(trimmed) || VERSION.test(trimmed) || PATH.test(trimmed))
}
