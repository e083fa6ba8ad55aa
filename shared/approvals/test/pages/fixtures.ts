import type { Plan, PlannedOperation } from '@gatehouse/operations'
import { anOperation } from '../harness.ts'

const PLACE = {
  context: 'prod-eu-1',
  clusterId: 'b8e1c9e0-31f6-4d8e-9a2b-0c6d3f1a7e55 sha256:4f1d',
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  resource: 'deployments',
  namespace: 'shop',
  name: 'web',
}
const POD = { ...PLACE, group: '', kind: 'Pod', resource: 'pods' }

/** One planned operation of every type, as the planner words them. */
export const OPERATIONS = {
  scale: {
    target: PLACE,
    changes: [{ path: 'spec.replicas', before: '3', after: '5' }],
    impact: [
      '3 running pods stay, 2 new pods',
      'no autoscaler',
      'PodDisruptionBudget web-pdb allows 1',
      'managed by Helm release web: this drifts from its chart',
    ],
    warnings: ['apps/v1beta1 Deployment is deprecated in v1.9+, unavailable in v1.16+'],
    command: 'kubectl scale deployment web --replicas=5 -n shop --context prod-eu-1',
    title: 'Scale deployment web from 3 to 5 replicas',
    expectation: { check: 'replicas', text: '5 ready replicas, restarts flat', timeoutSeconds: 300 },
  },
  scaleToZero: {
    target: { ...PLACE, name: 'checkout' },
    changes: [{ path: 'spec.replicas', before: '4', after: '0' }],
    impact: ['4 running pods stop', 'nothing serves checkout afterwards'],
    command: 'kubectl scale deployment checkout --replicas=0 -n shop',
    title: 'Scale deployment checkout from 4 to 0 replicas',
    typedName: true,
  },
  restart: {
    type: 'restart',
    target: PLACE,
    changes: [
      {
        path: 'spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]',
        after: '2026-11-26T14:05:00Z',
      },
    ],
    impact: ['3 pods are replaced one after the other'],
    command: 'kubectl rollout restart deployment web -n shop',
    title: 'Restart deployment web',
    expectation: { check: 'rollout', text: 'the rollout completes', timeoutSeconds: 600 },
  },
  rollback: {
    type: 'rollback',
    target: PLACE,
    changes: [
      {
        path: 'spec.template.spec.containers[web].image',
        before: 'registry.example.com/shop/web:2.14.1',
        after: 'registry.example.com/shop/web:2.13.9',
      },
      { path: 'spec.template.spec.containers[web].env[FEATURE_CART].value', before: '"true"' },
    ],
    impact: ['3 pods are replaced one after the other', 'revision 41 becomes revision 43'],
    command: 'kubectl rollout undo deployment web --to-revision=41 -n shop',
    title: 'Roll deployment web back to revision 41',
    expectation: { check: 'rollout', text: 'the rollout completes', timeoutSeconds: 600 },
  },
  patch: {
    type: 'patch',
    target: PLACE,
    changes: [
      { path: 'metadata.labels[app.kubernetes.io/version]', before: '2.14.1', after: '2.14.2' },
      { path: 'spec.template.spec.containers[web].env[DB_PASSWORD].value', hidden: true },
      {
        path: 'spec.template.spec.containers[web].image',
        before: 'registry.example.com/shop/web:2.14.1',
        after: 'registry.example.com/shop/web:2.14.2',
      },
      { path: 'spec.template.spec.containers[web].resources.limits.memory', before: '512Mi', after: '1Gi' },
    ],
    impact: [
      '3 pods are replaced one after the other',
      'managed by Argo CD application shop: it will be put back',
    ],
    command: "kubectl patch deployment web -n shop --type=strategic -p '{…}'",
    title: 'Change 4 fields of deployment web',
    expectation: { check: 'rollout', text: 'the rollout completes', timeoutSeconds: 600 },
  },
  create: {
    type: 'create',
    target: { ...PLACE, group: '', kind: 'ConfigMap', resource: 'configmaps', name: 'web-flags' },
    changes: [
      { path: 'data.cart', after: 'new' },
      { path: 'data.timeout', after: '"30"' },
    ],
    impact: ['nothing refers to it yet'],
    command: 'kubectl create configmap web-flags --from-literal=cart=new --from-literal=timeout=30 -n shop',
    title: 'Create config map web-flags',
    expectation: { check: 'exists', text: 'the object exists', timeoutSeconds: 30 },
  },
  apply: {
    type: 'apply',
    target: { ...PLACE, group: '', kind: 'Service', resource: 'services' },
    changes: [{ path: 'spec.ports[http].port', before: '80', after: '8080' }],
    impact: ['selects 3 pods', '2 ingresses refer to port 80'],
    command: 'kubectl apply -f - -n shop',
    title: 'Apply service web',
    expectation: { check: 'applied', text: 'the object is as rehearsed', timeoutSeconds: 30 },
  },
  delete: {
    type: 'delete',
    target: { ...POD, name: 'web-7d9c5b8f6-x2k4p' },
    changes: [],
    impact: ['replica set web-7d9c5b8f6 starts another one', '2 of 3 pods stay ready'],
    command: 'kubectl delete pod web-7d9c5b8f6-x2k4p -n shop',
    title: 'Delete pod web-7d9c5b8f6-x2k4p',
    typedName: true,
    expectation: { check: 'replaced', text: 'a new pod is ready under the same owner', timeoutSeconds: 300 },
  },
  evict: {
    type: 'evict',
    target: { ...POD, name: 'web-7d9c5b8f6-x2k4p' },
    changes: [],
    impact: ['PodDisruptionBudget web-pdb allows 1'],
    command: 'kubectl evict pod web-7d9c5b8f6-x2k4p -n shop',
    title: 'Evict pod web-7d9c5b8f6-x2k4p',
    expectation: { check: 'replaced', text: 'a new pod is ready under the same owner', timeoutSeconds: 300 },
  },
  exec: {
    type: 'exec',
    target: { ...POD, name: 'web-7d9c5b8f6-x2k4p' },
    changes: [],
    exec: {
      container: 'web',
      containerId: 'containerd://9f',
      command: ['sh', '-c', 'curl -s localhost:8080/healthz; df -h'],
      timeoutSeconds: 30,
    },
    impact: ['runs as the user of the container, with its service account'],
    command:
      "kubectl exec web-7d9c5b8f6-x2k4p -c web -n shop -- sh -c 'curl -s localhost:8080/healthz; df -h'",
    title: 'Run a command in pod web-7d9c5b8f6-x2k4p',
    expectation: { check: 'none', text: 'the command’s exit code', timeoutSeconds: 0 },
  },
  switchContext: {
    type: 'switchContext',
    target: {
      ...PLACE,
      clusterId: '',
      namespace: '',
      kind: 'Context',
      resource: 'contexts',
      name: 'prod-eu-1',
    },
    changes: [],
    switch: { server: '08_k8s_mcp', from: 'staging-eu-1', to: 'prod-eu-1' },
    impact: ['every later call without a context goes to prod-eu-1'],
    command: 'kubectl config use-context prod-eu-1',
    title: 'Make prod-eu-1 the default context of 08_k8s_mcp',
    expectation: { check: 'none', text: 'the server reads it at its next call', timeoutSeconds: 0 },
  },
} as const satisfies Record<string, Partial<PlannedOperation>>

/** A plan of several operations. */
export function several(): Partial<Plan> {
  return {
    operations: [OPERATIONS.patch, OPERATIONS.delete].map((operation) =>
      anOperation({ intent: crypto.randomUUID(), ...(operation as Partial<PlannedOperation>) }),
    ),
  }
}

/** What tries to become markup, program or something else than it is, wherever text comes from outside. */
export const ATTACKS = [
  '<script>window.hit=1</script>',
  '"><img src=x onerror=window.hit=1>',
  "' autofocus onfocus=window.hit=1 x='",
  '</title><svg onload=window.hit=1>',
  '</textarea><script>window.hit=1</script>',
  'javascript:window.hit=1',
  '{{constructor.constructor("window.hit=1")()}}',
  '`\u0024{window.hit=1}`',
  '&lt;script&gt;window.hit=1&lt;/script&gt;',
  '<a href="javascript:window.hit=1">x</a>',
  '<style>*{display:none}</style>',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example/"><button>Approve and run',
  'pay\u202eload.exe',
  'sh\u200bop',
  'ѕhop',
  'z\u0300\u0301\u0302\u0303\u0304\u0305',
] as const
