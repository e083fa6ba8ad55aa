import { ALNUM, HEX, LOWER, type Random } from '../random.ts'

const WORDS =
  'web api shop cart auth user order payment search index cache queue worker batch front back mail sync node data'.split(
    ' ',
  )
const POD_SUFFIX = 'bcdfghjklmnpqrstvwxz2456789'
const NAMESPACES = ['default', 'kube-system', 'shop', 'monitoring', 'cert-manager', 'team-a', 'payments-prod']

const MAKERS: Readonly<Record<string, (random: Random) => string>> = {
  uuid: (random) => random.uuid(),
  hex7: (random) => random.string(HEX, 7),
  hex12: (random) => random.string(HEX, 12),
  hex16: (random) => random.string(HEX, 16),
  hex32: (random) => random.string(HEX, 32),
  hex40: (random) => random.string(HEX, 40),
  hex64: (random) => random.string(HEX, 64),
  b64: (random) => random.bytes(48).toString('base64'),
  sri: (random) => `sha512-${random.bytes(64).toString('base64')}`,
  ulid: (random) => `01J${random.string('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)}`,
  nano: (random) => random.string(ALNUM, 21),
  fp: (random) => Array.from({ length: 20 }, () => random.string('0123456789ABCDEF', 2)).join(':'),
  pod: (random) =>
    `${random.pick(WORDS)}-${random.pick(WORDS)}-${random.string(HEX, 10)}-${random.string(POD_SUFFIX, 5)}`,
  ns: (random) => random.pick(NAMESPACES),
  w: (random) => random.pick(WORDS),
  word: (random) => random.string(LOWER, random.between(3, 10)),
  n: (random) => String(random.int(1000)),
  big: (random) => String(random.int(1e9)),
  ms: (random) => `${random.int(900)}.${random.int(999)}ms`,
  dur: (random) => random.pick(['5m23s', '12d', '3h', '1.52s', '250ms', '2d4h', '45s']),
  ip: (random) => `10.${random.int(255)}.${random.int(255)}.${random.int(255)}`,
  port: (random) => String(random.pick([80, 443, 8080, 5432, 6379, 9090, 10250])),
  time: (random) =>
    `2026-11-${random.between(10, 28)}T${random.between(10, 23)}:${random.between(10, 59)}:${random.between(10, 59)}.${random.between(100, 999)}Z`,
  klog: (random) =>
    `${random.pick(['I', 'W', 'E'])}11${random.between(10, 28)} ${random.between(10, 23)}:${random.between(10, 59)}:${random.between(10, 59)}.${random.between(100000, 999999)}    ${random.int(9999)}`,
  v: (random) => `v${random.int(3)}.${random.int(40)}.${random.int(12)}`,
  level: (random) => random.pick(['INFO', 'WARN', 'ERROR', 'DEBUG']),
  class: (random) =>
    `com.example.${random.pick(WORDS)}.${random.pick(['Order', 'Payment', 'Token', 'Auth', 'Key', 'User'])}${random.pick(['Service', 'Controller', 'Store', 'Provider', 'Filter'])}`,
  status: (random) => String(random.pick([200, 201, 204, 301, 304, 400, 401, 403, 404, 500, 503])),
}

/** A template with `{name}` replaced by something fresh of that kind. */
export function fill(template: string, random: Random): string {
  return template.replace(/\{([a-z][a-z0-9]*)\}/g, (all, name: string) => MAKERS[name]?.(random) ?? all)
}
