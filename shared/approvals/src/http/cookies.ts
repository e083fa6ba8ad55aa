import type { IncomingMessage } from './message.ts'

export interface CookieNames {
  secure: boolean
  session: string
  /** Holds what a login form must repeat, before there is a session. */
  login: string
}

/** `__Host-` where people come over TLS: no sub-domain and no plain connection can set such a cookie. */
export function cookieNames(publicUrl: string): CookieNames {
  const secure = publicUrl.startsWith('https:')
  const prefix = secure ? '__Host-' : ''
  return { secure, session: `${prefix}gatehouse-session`, login: `${prefix}gatehouse-login` }
}

/** The value of a cookie; undefined also where it comes twice, because then somebody else set one of them. */
export function cookie(request: IncomingMessage, name: string): string | undefined {
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [value] = values
  return values.length === 1 && value !== undefined && /^[A-Za-z0-9_.-]{1,200}$/.test(value)
    ? value
    : undefined
}

/** A `Set-Cookie` value for this browser session. */
export function setCookie(name: string, value: string, secure: boolean): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
}

export function dropCookie(name: string, secure: boolean): string {
  return `${setCookie(name, '', secure)}; Max-Age=0`
}
