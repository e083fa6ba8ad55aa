const PATCH = 'Use "kubectl patch TYPE NAME -p …", where the change can be seen'
const APPLY = 'Use "kubectl apply -f -" with the manifest in stdin'
const TUNNEL = 'There are no tunnels; ask infra.k8s.services.listServices what a Service leads to'

/** Verbs of kubectl that are not carried out, and the nearest way that is. */
export const UNSUPPORTED: Record<string, string> = {
  run: 'Use "kubectl create deployment NAME --image=…", or "kubectl apply -f -" for a pod',
  edit: PATCH,
  replace: APPLY,
  autoscale: APPLY,
  taint: 'Taints are not changed from here; "kubectl patch node NAME" can cordon where the policy allows it',
  cordon: `Use "kubectl patch node NAME --type=merge -p '{"spec":{"unschedulable":true}}'"; the policy must allow it`,
  uncordon: `Use "kubectl patch node NAME --type=merge -p '{"spec":{"unschedulable":null}}'"; the policy must allow it`,
  drain: 'Evict the pods one by one: "kubectl evict pod NAME"',
  attach: 'Use "kubectl logs" or "kubectl exec POD -- …"',
  cp: 'Files are not copied; "kubectl exec POD -- cat FILE" shows a text',
  debug: 'Use "kubectl exec POD -- …" and "kubectl describe pod NAME"',
  'port-forward': TUNNEL,
  proxy: TUNNEL,
  wait: 'Ask again, or use operations.waitForOperation for a change of yours',
  diff: 'Use infra.k8s.apply.diffManifest',
  events: 'Use "kubectl get events", or infra.k8s.events.listEvents',
  'cluster-info': 'Use infra.k8s.cluster.getClusterInfo',
  'api-versions': 'Use "kubectl api-resources"',
  certificate: 'Certificate requests are not decided from here',
  config: 'Use infra.k8s.cluster.getContexts; a context is named with each call',
  kustomize: APPLY,
  plugin: 'Plugins are not run',
  completion: 'There is no shell',
  options: 'docs/kubectl.md lists verbs and flags',
  help: 'docs/kubectl.md lists verbs and flags',
  'auth whoami': 'Every reply names the identity it was read as',
  'auth reconcile': 'RBAC is not changed from here',
  auth: 'Use "kubectl auth can-i VERB KIND"',
  top: 'Use "kubectl top pods" or "kubectl top nodes"',
  rollout: 'Use "kubectl rollout status|history|restart|undo|pause|resume TYPE NAME"',
  set: 'Use "kubectl set image|env|resources", or "kubectl patch" for other fields',
  'create secret': 'Content of Secrets is not written from here',
  'create token': 'Tokens are not requested from here',
  'create clusterrole': 'Cluster-wide RBAC is not changed from here',
  'create clusterrolebinding': 'Cluster-wide RBAC is not changed from here',
  create:
    'Use "kubectl create deployment|configmap NAME …", or "kubectl apply -f -" with the manifest in stdin',
}
