import { randomBytes } from 'node:crypto'
import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'
import type { Clusters } from '@gatehouse/kubernetes'
import { clusterIdOf } from '../cluster-id.ts'
import type { PlannedOperation, ResolvedTarget } from '../plan.ts'
import type { OperationOf } from './draft.ts'
import { intentOf } from './intent.ts'

/** Plans that a server shall use another context by default: a compare-and-set in the store. */
export async function planSwitch(
  operation: OperationOf<'switchContext'>,
  clusters: Clusters,
  defaultContext: ((server: string) => Promise<string | undefined>) | undefined,
  signal: AbortSignal | undefined,
): Promise<PlannedOperation> {
  const { server, context: to } = operation
  if (!defaultContext)
    throw new GatehouseError('APPROVAL_UNAVAILABLE', 'There is no store of default contexts here')
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(server)) {
    throw new GatehouseError('INVALID_INPUT', 'server: a name of letters, digits and "-"')
  }
  const known = clusters.contexts()
  if (!known.some(({ name }) => name === to)) {
    const near = nearest(
      to,
      known.map(({ name }) => name),
    )
    throw new GatehouseError(
      'UNKNOWN_CONTEXT',
      `There is no context "${to.slice(0, 100)}"${didYouMean(near)}`,
    )
  }
  const stored = await defaultContext(server)
  const from = stored ?? known.find(({ current }) => current)?.name ?? ''
  if (from === to) throw new GatehouseError('NO_CHANGE', `${server} uses context "${to}" already`)
  const clusterId = await clusterIdOf(clusters.cluster(to), signal)
  const target: ResolvedTarget = {
    context: to,
    clusterId,
    group: '',
    version: '',
    kind: 'Context',
    resource: 'contexts',
    namespace: '',
    name: server,
  }
  return {
    type: 'switchContext',
    target,
    intent: intentOf(operation, target),
    marker: randomBytes(16).toString('hex'),
    salt: randomBytes(16).toString('hex'),
    binding: 'strict',
    request: { method: 'PUT', path: '', query: {}, contentType: '', body: null },
    switch: { server, from: stored ?? '', to },
    changes: [{ path: 'context', before: from, after: to }],
    warnings: [],
    impact: [`Every later call to ${server} that names no context is about "${to}"`],
    command: `kubectl config use-context ${to}`,
    title: `Let ${server} use context "${to}" instead of "${from}"`,
    expectation: { check: 'none', text: `${server} follows`, timeoutSeconds: 10 },
    typedName: false,
    facts: { type: 'switchContext', server, context: to },
    undo: from
      ? { operations: [{ type: 'switchContext', server, context: from }] }
      : { refused: 'There was none before' },
  }
}
