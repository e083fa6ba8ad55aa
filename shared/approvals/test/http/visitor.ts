import { request } from 'node:http'
import type { Site } from './site.ts'

export interface Page {
  status: number
  text: string
  headers: Headers
  location: string | null
}

/** A browser without a screen: keeps cookies, sends what browsers send, and forms with what stands in them. */
export class Visitor {
  readonly cookies = new Map<string, string>()
  /** `Set-Cookie` lines as they came, newest last. */
  readonly set: string[] = []
  readonly #site: Site

  constructor(site: Site) {
    this.#site = site
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.send('GET', path, undefined, { 'sec-fetch-site': 'none', ...headers })
  }

  /** Posts fields as a page of ours would. */
  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> {
    return this.send('POST', path, new URLSearchParams(fields).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      // Pages with no-referrer send this, and not their address.
      origin: 'null',
      ...headers,
    })
  }

  /** Fills in and sends the form of a page that goes to `action`. */
  async submit(page: string, action: string, fields: Record<string, string> = {}): Promise<Page> {
    const { text } = await this.get(page)
    return this.post(action, { ...fieldsOf(text, action), ...fields })
  }

  async login(token: string): Promise<Page> {
    return this.submit('/login', '/login', { token })
  }

  async send(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(this.#site.url + path, {
      method,
      redirect: 'manual',
      headers: { ...(cookie && { cookie }), ...headers },
      ...(body !== undefined && { body }),
    })
    for (const line of response.headers.getSetCookie()) {
      this.set.push(line)
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split('=')
      if (/max-age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const text = await response.text()
    return {
      status: response.status,
      text,
      headers: response.headers,
      location: response.headers.get('location'),
    }
  }
}

/** Hidden fields of the form that goes to `action`. */
export function fieldsOf(page: string, action: string): Record<string, string> {
  const form = page.split('<form').find((part) => part.includes(`action="${action}"`))
  if (!form) throw new Error(`No form goes to ${action} on this page`)
  const fields = [
    ...form.split('</form>')[0]!.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g),
  ]
  return Object.fromEntries(fields.map(([, name, value]) => [name, value]))
}

/** A request with headers that fetch does not let through, such as Host. */
export function bareGet(
  site: Site,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request(site.url + path, { headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      )
    })
      .on('error', reject)
      .end()
  })
}
