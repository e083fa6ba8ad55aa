import type { Operation } from '../operation.ts'
import type { ResolvedTarget } from '../plan.ts'

/** The same change as a kubectl command, for reading; never parsed or run. */
export function commandOf(operation: Operation, target: ResolvedTarget): string {
  const { resource, group, name, namespace } = target
  const object = `${group ? `${resource}.${group}` : resource}/${name}`
  const where = namespace ? ` -n ${namespace}` : ''
  switch (operation.type) {
    case 'create':
      return `kubectl create -f -${where}`
    case 'apply':
      return `kubectl apply --server-side -f -${where}`
    case 'patch':
      return `kubectl patch ${object}${where} --type=${operation.patchType} -p '…'`
    case 'scale':
      return `kubectl scale ${object}${where} --replicas=${operation.replicas}`
    case 'restart':
      return `kubectl rollout restart ${object}${where}`
    case 'rollback':
      return `kubectl rollout undo ${object}${where}${operation.revision === undefined ? '' : ` --to-revision=${operation.revision}`}`
    case 'delete':
      return `kubectl delete ${object}${where}`
    case 'evict':
      return `kubectl evict ${object}${where}`
    case 'switchContext':
      return `kubectl config use-context ${operation.context}`
    case 'exec':
      return `kubectl exec ${name}${where} -- ${operation.command.join(' ')}`
  }
}
