/**
 * `strong` names hold a secret whatever the value looks like; weak ones also hold numbers, paths, words.
 * A number under a name that `counts` is a setting: `passwordHistory: 5`. A name that `refers` may hold the
 * name of a Secret: `auth-secret: shop/basic-auth`.
 */
export type SecretName = { kind: string; strong: boolean; counts?: true; refers?: true }

// What a name ends with when it points at a secret or describes one instead of holding it.
const DESCRIBES = new RegExp(
  '(?:names?|refs?|reference|paths?|files?|dir|directory|folder|mount|namespace|types?|polic(?:y|ies)|ttl|timeout|' +
    'milliseconds|seconds|secs?|minutes|hours|days|expiry|expiration|expires|expir(?:es|y)?at|expiresin|length|len|' +
    'counts?|size|enabled|disabled|required|optional|ur[il]s?|endpoints?|hosts?|port|versions?|format|algorithms?|alg|' +
    'issuer|audiences?|mode|provider|methods?|hint|rotation|strength|regex|pattern|fields?|headers?|class|kinds?|status|' +
    'reason|message|limits?|budget|usage|used|max|min|ids?|index|label|prefix|suffix|review|reviews|request|requests|' +
    'stdin|prompt|store|manager|driver|rule|rules|scopes?|created|updated|generator|length|count|template|volume|projection)$',
)
// `existingSecret: db` names a Secret.
const REFERRED = /^(?:existing|external|pull|target)$/
const REFERS = /^(?:auth|tls|ssl|ca|cert|proxy)$/
const CARRIES = /^(?:data|base64|b64|value|plain|plaintext|text|txt|raw|encoded|content)$/
const COUNTS =
  /(?:age|history|attempts?|retries|tries|entropy|bits|iterations|rounds|cost|number|total|times|digits|characters|chars|level|score|complexity|strikes|cache|queue|delay|interval|window|period|lifetime|warning|warn)$/
const PASSWORD =
  /passw(?:or)?ds?$|passphrase$|passcode$|pwd$|(?:^|db|root|user|admin|store|key|require|my|ftp|smtp|ssh|pg|git|ldap|bind|mysql|redis|mongo|http|proxy|sudo|become)pass$|^pw$|rootpw$/
const KEY_OWNERS = new RegExp(
  '(?:api|access|secret|private|priv|encryption|encrypt|decryption|signing|sign|master|account|shared|sharedaccess|' +
    'storage|ssh|hmac|aes|rsa|unseal|auth|consumer|subscription|instrumentation|admin|webhook|recovery|fernet|' +
    'license|integration|functions|genie|ingest|ingestion|deploy|session|crypto|cipher|jwt|stripe|openai|anthropic|sendgrid|' +
    'datadog|newrelic|(?<![a-z])dd|app|client|tls|root|serviceaccount|host)$',
)
// In environment variables every KEY is a credential unless its owner says otherwise.
const PLAIN_KEY_OWNERS = new RegExp(
  '^(?:public|pub|primary|partition|sort|foreign|cache|routing|object|label|group|topology|index|config|registry|' +
    'map|row|hash|s3|redis|kafka|message|queue|lock|feature|annotation|hot|context|translation|unique|shard)$',
)
const MAX_CACHED = 4096
const cache = new Map<string, SecretName | null>()

/**
 * Whether a field, variable or flag of this name holds a secret, and of which class.
 * @param asEnv the name is an environment variable's: any `…KEY` and `…AUTH` counts
 */
export function secretName(name: string, asEnv = false): SecretName | undefined {
  if (name.length < 2 || name.length > 200) return undefined
  const cacheKey = asEnv ? `$${name}` : name
  const cached = cache.get(cacheKey)
  if (cached !== undefined) return cached ?? undefined
  const result = judge(wordsOf(name), asEnv)
  if (cache.size < MAX_CACHED) cache.set(cacheKey, result ?? null)
  return result
}

/** Whether a field of an object says what the object's own name promises: `password: { value: x }`. */
export function carriesValue(key: string): boolean {
  return CARRIES.test(key)
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !/^\d+$/.test(word))
}

function judge(words: string[], asEnv: boolean): SecretName | undefined {
  // `client-key-data`, `token_base64`: the encoding is not what the field is.
  if (words.length > 1 && CARRIES.test(words.at(-1) ?? '')) return judge(words.slice(0, -1), asEnv)
  // `SecretString`, `secret_binary`: as AWS has them.
  if (
    /^(?:string|binary)$/.test(words.at(-1) ?? '') &&
    /^(?:secret|password|token)$/.test(words.at(-2) ?? '')
  )
    return judge(words.slice(0, -1), asEnv)
  const last = words.at(-1)
  // `checksum/secret: 5f2a…` is how charts restart pods when a Secret changes.
  if (last === undefined || words[0] === 'checksum') return undefined
  const holds = ofLastWord(last.replace(/(?<=[a-z]{3})\d{1,3}$/, ''), words.at(-2), asEnv)
  if (holds) return holds
  if (DESCRIBES.test(last)) return undefined
  // A password stays one behind its name: `password_old`, `PASSWORD_PROD`; a key or a token does not.
  if (words.some((word) => word !== 'pw' && PASSWORD.test(word)))
    return { kind: 'password', strong: true, ...(COUNTS.test(last) && { counts: true }) }
  if (words.some((word) => /secret$|^token$|^credentials?$/.test(word)) && asEnv)
    return { kind: 'secret', strong: false }
  return undefined
}

function ofLastWord(last: string, owner: string | undefined, asEnv: boolean): SecretName | undefined {
  if (PASSWORD.test(last)) return { kind: 'password', strong: true }
  if (/token$|^(?:jwt|bearer|pat|otp|totp)$/.test(last)) return { kind: 'token', strong: false }
  if (last === 'secret' && REFERRED.test(owner ?? '')) return undefined
  if (last === 'secret' && (owner === undefined || REFERS.test(owner)))
    return { kind: 'secret', strong: false, refers: true }
  if (/secret$|^(?:mnemonic|hmac|sas|signature)$/.test(last)) return { kind: 'secret', strong: false }
  if (/credentials?$|^creds?$/.test(last)) return { kind: 'credential', strong: false }
  if (
    /dsn$|^connectionstring$|^connstr$/.test(last) ||
    (/^str(?:ing)?$/.test(last) && /^conn/.test(owner ?? ''))
  )
    return { kind: 'connection-string', strong: false }
  if (/cookie$|sess(?:ion)?id$/.test(last) || (last === 'id' && owner === 'session'))
    return { kind: 'cookie', strong: false }
  if (/auth$|^authorization$/.test(last)) return { kind: 'auth', strong: false }
  if (/keys?$/.test(last)) return ofKey(last, owner, asEnv)
  return undefined
}

function ofKey(last: string, owner: string | undefined, asEnv: boolean): SecretName | undefined {
  const own = last.replace(/keys?$/, '')
  const whose = own === '' ? owner : own
  const key: SecretName = { kind: 'key', strong: false }
  if (whose !== undefined && KEY_OWNERS.test(whose)) return key
  if (!asEnv || own !== '' || last !== 'key') return undefined
  return whose !== undefined && PLAIN_KEY_OWNERS.test(whose) ? undefined : key
}
