import type { Memo, Pattern, Span } from '../span.ts'
import { isPlainValue } from './plain-value.ts'
import { isTextEnd } from './text-end.ts'

const AUTHORITY = /[^\s"'`<>/?#\\|^{}]{1,4096}/y
const REST_END = /[\s"'`<>\\]|$/g
const LONGEST = 512
// Where a password stands as well a shorter one is a user.
const [TOKEN, LONG_TOKEN] = [16, 20]
const PASSWORD_SCHEMES =
  /(?:https?|ftps?|sftp|ssh|postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|nats|kafka|ldaps?|smtps?|sqlserver|mssql|clickhouse|cassandra|couchdb|elasticsearch|mqtts?|socks5h?|neo4j|bolt|[a-z]+\+[a-z0-9]+)$/i

/** The password of `scheme://user:password@host`, also with signs that should have been encoded, also cut off. */
export const urlUserinfo: Pattern = {
  id: 'url-userinfo',
  anchors: ['://', ':\\/\\/'],
  find(text, index, out, memo) {
    const start = index + (text[index + 1] === '\\' ? 5 : 3)
    AUTHORITY.lastIndex = start
    if (!AUTHORITY.test(text)) return start
    const end = AUTHORITY.lastIndex
    const authority = text.slice(start, end)
    const at = authority.lastIndexOf('@')
    const span =
      at >= 0 && !/^sha(?:256|512):/.test(authority.slice(at + 1))
        ? credentials(authority.slice(0, at), start)
        : unencoded(text, start, authority, index, memo)
    if (span && !isPlainValue(text.slice(span.start, span.end), true)) out.push(span)
    return span ? span.end : start
  },
}

function credentials(userinfo: string, start: number): Span | undefined {
  const colon = userinfo.indexOf(':')
  if (colon >= 0) {
    const user = userinfo.slice(0, colon)
    const isUserSecret = isToken(user, LONG_TOKEN) || userinfo.slice(colon) === ':x-oauth-basic'
    const from = isUserSecret ? start : start + colon + 1
    return from < start + userinfo.length
      ? { start: from, end: start + userinfo.length, kind: 'url-password' }
      : undefined
  }
  // A name alone is a user, unless it is too long and too mixed for one: a token in the user's place.
  return isToken(userinfo, TOKEN) ? { start, end: start + userinfo.length, kind: 'url-password' } : undefined
}

function isToken(user: string, shortest: number): boolean {
  return user.length >= shortest && /\d/.test(user) && /[A-Za-z]/.test(user)
}

/** `user:pa/ss@host` ends the authority too early; `user:passwo` at the end of a cut text has no host. */
function unencoded(
  text: string,
  start: number,
  authority: string,
  index: number,
  memo: Memo,
): Span | undefined {
  const colon = authority.indexOf(':')
  const behind = authority.slice(colon + 1)
  if (colon < 0 || authority.startsWith('[') || /^\d{1,5}$/.test(behind)) return undefined
  // An address is where something listens, and no user: what follows is meant for a port.
  if (/^(?:\d{1,3}(?:\.\d{1,3}){3}|localhost):/.test(authority)) return undefined
  const restEnd = endOfRest(text, start, memo)
  const at = lastAt(text, start, restEnd, memo) - start
  const end = at > colon ? start + at : restEnd
  // Behind a mark of ours nothing is cut: an earlier pass put it there.
  const isCut = behind !== '' && isTextEnd(text, restEnd) && !text.slice(start, restEnd).includes('\0')
  if (at <= colon && (!isCut || /^\d{1,5}[,;/]/.test(behind))) return undefined
  if (!PASSWORD_SCHEMES.test(text.slice(Math.max(0, index - 24), index))) return undefined
  return { start: start + colon + 1, end, kind: 'url-password' }
}

/** Up to the blank or quote behind the URL, where many share one it is looked for once. */
function endOfRest(text: string, start: number, memo: Memo): number {
  if ((memo.restEnd ?? -1) < start) {
    REST_END.lastIndex = start
    memo.restEnd = REST_END.exec(text)?.index ?? text.length
  }
  return Math.min(memo.restEnd ?? text.length, start + LONGEST)
}

function lastAt(text: string, start: number, end: number, memo: Memo): number {
  const from = Math.max(start, memo.noAtBefore ?? 0)
  const at = from < end ? text.slice(from, end).lastIndexOf('@') : -1
  if (at === -1) memo.noAtBefore = Math.max(end, memo.noAtBefore ?? 0)
  return at === -1 ? -1 : from + at
}
