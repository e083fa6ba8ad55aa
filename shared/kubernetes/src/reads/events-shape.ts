// What Kubernetes makes names of: no vowels, nothing that looks like something else. Other tools append hex.
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]'
const MIXED = '(?=[a-z]*\\d)(?=\\d*[a-z])'
const GENERATED = new RegExp(
  `-(?:${SAFE}{5}|${MIXED}${SAFE}{5,10}|${MIXED}[0-9a-f]{5,16}|\\d{6,10})(?![a-z0-9])`,
  'g',
)
const IDENTIFIER =
  /\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?=[0-9a-f]*\d)[0-9a-f]{12,64})\b/g
const NUMBER = /\d+(?:\.\d+)*/g

/** `pod/web-7d9f8c6b5-x2k4z` → `pod/web-*`, `pod/db-0` → `pod/db-#`: what objects of one owner have in common. */
export function objectShape(name: string): string {
  return fold(name)
}

/** A message without what differs between two of its kind: generated names, ids, numbers, addresses. */
export function messageShape(message: string): string {
  return fold(message.replace(IDENTIFIER, '*'))
}

function fold(text: string): string {
  return text
    .replace(GENERATED, '-*')
    .replace(/(?:-\*)+/g, '-*')
    .replace(NUMBER, '#')
    .replace(/-\*-#/g, '-*')
}
