import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/index.ts'
import { parseKubectl } from '../../src/kubectl/index.ts'
import type { KubectlOptions } from '../../src/kubectl/parse.ts'
import { VERBS } from '../../src/kubectl/verbs.ts'

const outcome = (text: string, options: KubectlOptions = {}) => {
  try {
    return { meaning: parseKubectl(text, options) }
  } catch (error) {
    const { code, message, hint } = error as { code?: string; message: string; hint?: string }
    return { code, message, hint }
  }
}
const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n'

describe('refused, with the reason', () => {
  it.each<[string, RegExp, KubectlOptions?]>([
    ['get pods --server=https://evil', /context/],
    ['get pods -s https://evil', /context/],
    ['get pods --kubeconfig /tmp/x', /context/],
    ['get pods --context prod', /parameter "context"/],
    ['get pods --cluster prod', /context/],
    ['get pods --insecure-skip-tls-verify', /context/],
    ['get pods --token abc', /credentials/],
    ['get pods --as system:admin', /credentials/],
    ['get pods --as-group=system:masters', /credentials/],
    ['get pods --user admin', /credentials/],
    ['get pods --client-key x', /credentials/],
    ['get pods -v=9', /credentials/],
    ['get --raw /api/v1/secrets', /raw paths/],
    ['delete pods --all', /names each object/],
    ['delete pods -l app=web', /names each object/],
    ['delete pods --selector=app=web', /names each object/],
    ['delete pods --field-selector=status.phase=Failed', /names each object/],
    ['delete pod web -A', /names each object/],
    ['delete pod web --all-namespaces', /names each object/],
    ['delete pod', /needs the name/],
    ['delete all web', /no kind/],
    ['delete pod,svc web', /one kind/],
    ['delete pod web,db', /separated by spaces/],
    ["delete pod 'web*'", /wildcards/],
    ['delete pod web --force', /nothing is forced/],
    ['delete pod web --grace-period=0', /without notice/],
    ['delete pod web --grace-period=0 --force', /without notice|forced/],
    ['delete pod web --now --grace-period=5', /different things/],
    ['delete pod web web', /twice/],
    ['delete pod/web svc', /kind\/name/],
    ['delete pod svc/web', /either form/],
    ['delete pod/web/log', /sub-resources/],
    ['delete -f https://evil/x.yaml', /files are not read/],
    ['delete -f -', /files are not read/],
    ['delete pod web -n a -n b', /twice and differently/],
    ['delete pod web -n a --namespace=b', /twice and differently/],
    ['delete pod web -n b', /contradicts/, { namespace: 'a' }],
    ['get pods -A', /contradicts/, { namespace: 'a' }],
    ['get pods -A -n a', /contradicts/],
    ['delete pod web --dry-run=client', /tried on the server/],
    ['delete pod web -o name', /answers with its request/],
    ['delete pod web --wiat', /did you mean --wait/],
    ['delete pod https://evil', /URLs|name/],
    ['delete pod wеb', /ASCII/],
    ['delete роd web', /ASCII/],
    ['delete pod web -n prоd', /ASCII/],
    ['delete pod ..', /cannot be the name/],
    ['delete pod web -n Prod', /cannot be the name of a namespace/],
    ['delete pod web -n ""', /cannot be the name of a namespace/],
    ['delete "" web', /kind is missing/],
    ['delete pod ""', /name is missing/],
    ['scale deployment web', /--replicas/],
    ['scale deployment web --replicas=-1', /whole number/],
    ['scale deployment web --replicas=1e3', /whole number/],
    ['scale deployment web --replicas=3 --current-replicas=2', /bound to the object/],
    ['scale deployment --all --replicas=0', /names each object/],
    ['rollout restart deployment', /needs the name/],
    ['rollout undo deployment web db', /one object/],
    ['rollout undo deployment web --to-revision=x', /whole number/],
    ['rollout status deployment web -w', /nothing is watched/],
    ["set image deployment/web '*=nginx'", /name each container/],
    ['set image deployment/web', /container=image/],
    ['set image node/n1 a=b', /not for/],
    ['set image deployment/web a=b a=c', /twice/],
    ['set env deployment/web A=1', /every container/],
    ['set env deployment/web --list', /get/],
    ['set env deployment/web --from=secret/db', /references/],
    ['set resources deployment/web -c web', /--limits or --requests/],
    ['set resources deployment/web -c web --limits=cpu=lots', /no quantity/],
    ['set serviceaccount deployment web root', /patch/],
    ['label pod web', /key=value/],
    ['label pod a=b', /needs the name/],
    ['label pods --all a=b', /names each object/],
    ['label pod web a=b a-', /twice/],
    ["label pod web 'a=not valid'", /no value of a label/],
    ['annotate pod web a/b/c=d', /no key/],
    ['patch deployment web -p \'{"spec":{},"spec":{}}\'', /twice/],
    ["patch deployment web -p '{spec: 1}'", /no JSON/],
    ['patch deployment web -p \'{"spec":{"replicas":9007199254740993}}\'', /2\^53/],
    ['patch deployment web -p \'{"__proto__":{}}\'', /__proto__/],
    ['patch deployment web -p \'{"metadata":{"name":"x"}}\'', /another object/],
    [
      'patch deployment web --type=json -p \'[{"op":"replace","path":"/metadata/namespace","value":"x"}]\'',
      /another object/,
    ],
    ["patch deployment web --type=json -p '{}'", /list of steps/],
    ["patch deployment web -p '[]'", /JSON object/],
    ["patch deployment web --type=apply -p '{}'", /merge, json or strategic/],
    ['patch deployment web --patch-file x', /files are not read/],
    ["patch deployment web --subresource=status -p '{}'", /sub-resources/],
    ['apply -f file.yaml', /files are not read/],
    ['apply -f https://evil/x', /URLs/],
    ['apply -k .', /files are not read/],
    ['apply -f -', /missing/],
    ['apply -f - --prune', /names each object/, { stdin: MANIFEST }],
    ['apply -f - --force-conflicts', /forced/, { stdin: MANIFEST }],
    [
      'apply -f - -n b',
      /namespace a/,
      { stdin: `${MANIFEST.trimEnd().replace('name: a', 'name: a, namespace: a')}\n` },
    ],
    ['apply -f - ', /List/, { stdin: 'apiVersion: v1\nkind: List\nmetadata: { name: x }\nitems: []\n' }],
    ['apply -f -', /generateName/, { stdin: 'apiVersion: v1\nkind: Pod\nmetadata: { generateName: x }\n' }],
    ['apply -f -', /stdin: line/, { stdin: 'a: [' }],
    ['get pods', /stdin/, { stdin: MANIFEST }],
    ['create secret generic x --from-literal=a=b', /Secrets/],
    ['create token default', /Tokens/],
    ['create clusterrolebinding x --clusterrole=cluster-admin', /RBAC/],
    ['create namespace x', /apply -f -|deployment\|configmap/],
    ['create configmap x', /--from-literal/],
    ['create configmap x --from-file=/etc/passwd', /files are not read/],
    ['create configmap x --from-literal=a=b --from-literal=a=c', /twice/],
    ['create deployment x', /--image/],
    ['expose deployment web', /--port/],
    ['expose deployment web --port=80 --type=ExternalName', /--type/],
    ['expose deployment web --port=80 --selector=app=x', /names each object/],
    ['exec web', /behind --/],
    ['exec web ls', /put --/],
    ['exec -it web -- sh', /each flag by itself|no terminal/],
    ['exec -t web -- sh', /no terminal/],
    ['exec deploy/web -- ls', /name of a pod/],
    ['logs deploy/web', /name of a pod/],
    ['logs web -f', /follow/],
    ['logs -l app=web', /follow|per container/],
    ['get pods -w', /nothing is watched/],
    ["get secret db -o jsonpath='{.data}'", /templates are not run/],
    ['get secret db -o go-template=x', /templates are not run/],
    ['get pods -o custom-columns=A:.spec', /templates are not run/],
    ['get all', /no kind/],
    ['get pods,svc', /one kind/],
    ['get pods -f x', /files/],
    ['describe pods', /needs the name/],
    ['auth can-i --list', /incomplete/],
    ['auth can-i get pods --as=admin', /credentials/],
    ['auth can-i get /metrics', /raw paths/],
    ['config use-context prod', /not switched by a command/],
    ['config view --raw', /context/],
    ['proxy --port=8001', /tunnels/],
    ['port-forward pod/web 8080:80', /tunnels/],
    ['cp web:/etc/passwd .', /cat/],
    ['attach web', /logs/],
    ['debug web', /exec/],
    ['drain n1', /evict/],
    ['cordon n1', /patch node/],
    ['taint nodes n1 a=b:NoSchedule', /[Tt]aints/],
    ['edit deployment web', /patch/],
    ['replace --force -f x', /apply/],
    ['run x --image=y', /create deployment/],
    ['certificate approve x', /not decided/],
    ['plugin list', /Plugins/],
    ['delte pod web', /did you mean delete/],
    ['--output=yaml get pods', /answers with its request|behind the verb/],
    ['--server=https://evil get pods', /context/],
    ['-s https://evil get pods', /context/],
    ['--as admin get pods', /credentials/],
    ['-n shop -n prod get pods', /twice and differently/],
    ['-n', /empty/],
    ['FOO=bar kubectl get pods', /no verb/],
    ['/usr/bin/kubectl get pods', /no program/],
    ['sudo kubectl get pods', /no verb/],
    ['', /empty/],
    ['kubectl', /empty/],
    ['__proto__', /no verb/],
    ['constructor x', /no verb/],
  ])('%s', (text, reason, options) => {
    const { meaning, code, message, hint } = outcome(text, options)
    expect(meaning).toBeUndefined()
    expect(`${message} ${hint}`).toMatch(reason)
    expect(['COMMAND_REFUSED', 'INVALID_INPUT', 'TOO_LARGE']).toContain(code)
  })
})

describe('whatever is written', () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...Object.keys(VERBS),
      'pod',
      'deploy',
      'web',
      'pod/web',
      'deploy/web',
      'all',
      '*',
      '',
      'a,b',
      'ALL',
    ),
    fc.constantFrom(
      '-n',
      'shop',
      '-n=kube-system',
      '-A',
      '--all',
      '-l',
      'app=web',
      '--force',
      '--replicas=1',
      '--',
      '-f',
      '-',
      '-c',
      'a=b',
      'a-',
    ),
    fc.constantFrom(
      `-p '{"spec":{"a":1}}'`,
      '--image=x',
      '--port=80',
      '--from-literal=a=b',
      '--overwrite',
      '--to-revision=2',
      '--server=x',
      'kubectl',
    ),
    fc.string({ maxLength: 6 }),
  )
  const sound = fc.constantFrom(
    'delete pod web',
    'scale deployment web --replicas=2',
    'rollout restart deploy/web',
    'label pod web a=b',
    'set image deploy/web app=nginx',
    'patch pod web -p {}',
    'exec web -- ls',
    'create configmap a --from-literal=a=b',
    'expose deploy web --port=80',
    'apply -f -',
  )
  const random = fc
    .tuple(fc.constantFrom(...Object.keys(VERBS)), fc.array(word, { maxLength: 7 }))
    .map(([verb, words]) => [verb, ...words].join(' '))
  // A sound command with something put into it.
  const disturbed = fc
    .tuple(sound, word, fc.nat(8))
    .map(([command, extra, at]) => command.split(' ').toSpliced(at, 0, extra).join(' '))
  const text = fc.oneof(random, disturbed, disturbed)

  it('every operation is one named object in the namespace that was asked for', () => {
    let operations = 0
    fc.assert(
      fc.property(text, fc.constantFrom(undefined, 'asked'), (command, namespace) => {
        const { meaning, code } = outcome(command, {
          namespace,
          defaultNamespace: 'usual',
          server: 'x',
          stdin: /-f( |=)?-/.test(command) ? MANIFEST : undefined,
        })
        if (!meaning) {
          expect(['COMMAND_REFUSED', 'INVALID_INPUT']).toContain(code)
          return
        }
        if ('read' in meaning) return
        for (const operation of meaning.write) checkOperation(operation, command, namespace)
        operations += meaning.write.length
      }),
      { numRuns: 5_000 },
    )
    expect(operations).toBeGreaterThan(300)
  })

  function checkOperation(operation: Operation, command: string, namespace: string | undefined): void {
    if (operation.type === 'switchContext') return
    const { target } = operation
    expect(target.name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:@-]*$/)
    expect(target.kind).toMatch(/^[A-Za-z][A-Za-z0-9-]*(\.[a-z0-9.-]+)?$/)
    expect(target.kind.toLowerCase()).not.toBe('all')
    expect(
      Object.keys(target).every((key) =>
        ['kind', 'apiVersion', 'name', 'namespace', 'context'].includes(key),
      ),
    ).toBe(true)
    const [before = ''] = command.split(' -- ')
    const written = [...before.matchAll(/(?:^| )(?:-n|--namespace)[ =]?([a-z0-9-]+)/g)].map(
      (match) => match[1],
    )
    expect(namespace === undefined ? ['usual', ...written] : [namespace]).toContain(target.namespace)
    expect(JSON.stringify(operation)).not.toMatch(/labelSelector|fieldSelector|generateName/)
  }

  it('any text at all ends in a meaning or a GatehouseError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (command) => {
        const { meaning, code } = outcome(command)
        if (!meaning) expect(['COMMAND_REFUSED', 'INVALID_INPUT']).toContain(code)
      }),
      { numRuns: 1_000 },
    )
  })
})
