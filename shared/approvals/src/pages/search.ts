import type { Sanitised } from '@gatehouse/sanitizer'
import type { ListedView } from '../view/listing.ts'

/** Whether what is shown of a request holds every word that is searched for. What is not shown cannot be searched. */
export function matches(request: Sanitised<ListedView>, search: string): boolean {
  const { title, requestId, target, requester, claim, operations, decisions } = request
  const names = operations.flatMap((operation) => [operation.title, operation.command, operation.target.name])
  const people = [requester.subject, requester.behind, ...decisions.map(({ subject }) => subject)]
  const all = [title, requestId, target.context, target.namespace, claim?.reason, ...names, ...people]
  const text = all.join('\n').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
