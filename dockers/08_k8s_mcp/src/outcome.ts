import type { Outcome } from '@gatehouse/tools'

/** How a change stands, as text: state first, then each operation. */
export function outcomeText(reply: Outcome): string {
  const { context, namespace, identity } = reply.target
  const where = `context ${context}${namespace ? `, namespace ${namespace}` : ''}, as ${identity}`
  const operations = reply.operations.map(({ state, title, error, result }) => {
    const said = error ?? (result ? JSON.stringify(result) : '')
    return `- ${state}: ${title ?? ''}${said ? ` (${said})` : ''}`
  })
  return [
    `${reply.state}: ${reply.summary ?? reply.requestId}`,
    where,
    ...operations,
    ...(reply.verification
      ? [`verified: ${reply.verification.ok ? 'yes' : 'no'}, ${reply.verification.text}`]
      : []),
    ...(reply.reason ? [`reason: ${reply.reason}`] : []),
    ...(reply.state === 'pending' && reply.approvalUrl ? [`A person decides at ${reply.approvalUrl}`] : []),
  ].join('\n')
}
