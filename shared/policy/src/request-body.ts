import type { ChangeType } from './facts.ts'
import type { ApiRequest } from './mutating.ts'
import type { ApiPath } from './path.ts'

interface Judged {
  /** Of the object that is meant; a creation says it in its body only. */
  name: string
  reason?: string
}

/** What the body of a mutating request says that its path does not: the name of a new object, content of a Secret. */
export function judgeBody(request: ApiRequest, path: ApiPath, type: ChangeType): Judged {
  const named = path.name ?? ''
  const secret = path.group === '' && path.resource === 'secrets'
  if (type !== 'create' && !(secret && type === 'patch')) return { name: named }
  const body = parsed(request.body)
  if (body === undefined) return { name: named, reason: 'The body is no JSON' }
  if (type === 'create') {
    const name = nameOf(body)
    return name === '' ? { name, reason: 'A new object needs its own name, not a generated one' } : { name }
  }
  const harmless = request.method === 'PATCH' && touchesOnlyMetadata(body)
  return harmless ? { name: named } : { name: named, reason: 'Content of Secrets is not written from here' }
}

function parsed(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    return undefined
  }
}

function nameOf(body: unknown): string {
  if (!isRecord(body) || !isRecord(body.metadata)) return ''
  return typeof body.metadata.name === 'string' ? body.metadata.name : ''
}

// A JSON patch lists paths, a merge or apply patch is a part of the object.
function touchesOnlyMetadata(body: unknown): boolean {
  if (Array.isArray(body)) {
    return body.every((step) => {
      if (!isRecord(step) || typeof step.path !== 'string' || step.from !== undefined) return false
      return /^\/metadata\/(labels|annotations|uid|resourceVersion)(\/|$)/.test(step.path)
    })
  }
  return isRecord(body) && Object.keys(body).every((key) => ['apiVersion', 'kind', 'metadata'].includes(key))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
