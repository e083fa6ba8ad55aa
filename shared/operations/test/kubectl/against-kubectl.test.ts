import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../src/index.ts'
import { answerRead, parseKubectl, prepareWrites } from '../../src/kubectl/index.ts'
import { wordsOf } from '../../src/kubectl/words.ts'
import { type Shop, shop } from './fixture.ts'

let at: Shop
beforeAll(async () => {
  at = await shop()
})
afterAll(() => at?.clusters.close())

const kubectl = (words: string[], stdin?: string) => at.handle.kubectl([...words, '-n', at.namespace], stdin)
const operationsOf = async (command: string, stdin?: string) => {
  const meaning = parseKubectl(command, { namespace: at.namespace, stdin })
  if ('read' in meaning) throw new Error('a read')
  return prepareWrites(meaning, at.clusters)
}
const serverDryRun = ['--dry-run=server', '-o', 'json']

// biome-ignore lint/suspicious/noExplicitAny: any object
function plain(text: string): any {
  const object = JSON.parse(text)
  for (const key of ['managedFields', 'resourceVersion', 'uid', 'creationTimestamp', 'generation'])
    delete object.metadata[key]
  delete object.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']
  delete object.status
  for (const key of ['clusterIP', 'clusterIPs']) delete object.spec?.[key]
  for (const port of object.spec?.ports ?? []) delete port.nodePort
  if (Object.keys(object.metadata.annotations ?? {}).length === 0) delete object.metadata.annotations
  return object
}

// What the operation does, by kubectl's plainest verb for it.
async function effectOf(operation: Operation): Promise<unknown> {
  if (operation.type === 'patch') {
    const { kind, name } = operation.target
    const patch = ['-p', JSON.stringify(operation.patch), `--type=${operation.patchType}`]
    return plain(await kubectl(['patch', kind, name, ...patch, ...serverDryRun]))
  }
  if (operation.type === 'create' || operation.type === 'apply') {
    return plain(
      await kubectl([operation.type, '-f', '-', ...serverDryRun], JSON.stringify(operation.object)),
    )
  }
  throw new Error(operation.type)
}

const CONFIG =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: fresh }\ndata: { mode: "0644", on: "yes" }\n'

describe('operations do what kubectl does (server-side dry runs of both)', () => {
  it.each<[string, string?]>([
    ['kubectl label deployment web team=a'],
    ['label deploy/web team=a tier-'],
    ['label deployment web tier=back --overwrite'],
    ['label pods solo example.com/team=a'],
    ['label cm settings a=b c=d'],
    ['label deployments.apps web team=a'],
    ['label deployments.v1.apps web team=a'],
    ["annotate pod solo note='second one' --overwrite"],
    ['annotate pod/solo note-'],
    ["annotate svc web 'example.com/owner=Team Ä: a, b = c'"],
    ['set image deployment/web app=nginx:1.27'],
    [
      'set image deploy web app=nginx:1.27 sidecar=registry:5000/envoy@sha256:0000000000000000000000000000000000000000000000000000000000000000',
    ],
    ['set image pod/solo main=busybox:2'],
    ['set image cronjob/nightly job=busybox:2'],
    ['set image sts/db pg=postgres:16'],
    ['set env deployment/web -c app LEVEL=debug'],
    ['set env deployment/web -c app LEVEL=debug NEW=1 OLD-'],
    ["set env deploy web --containers=sidecar 'TEXT=a b=c'"],
    ['set env cronjob nightly -c job A=1'],
    ['set resources deployment/web -c app --limits=cpu=200m,memory=256Mi'],
    ['set resources deployment web -c app --requests=cpu=100m --limits=cpu=1'],
    ['patch deployment web -p \'{"spec":{"replicas":4}}\''],
    ['patch deployment web --type=merge -p \'{"spec":{"replicas":4}}\''],
    [
      'patch deployment web --type strategic -p \'{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"x"}]}}}}\'',
    ],
    ['patch deployment/web --type=json -p \'[{"op":"replace","path":"/spec/replicas","value":5}]\''],
    ['patch cm settings -p "{\\"data\\":{\\"level\\":\\"debug\\"}}"'],
    ['patch svc web --patch=\'{"spec":{"ports":[{"port":80,"targetPort":8080}]}}\''],
    ['create deployment fresh --image=nginx'],
    ['create deployment fresh --image=registry.example.com/a/nginx:1.27 --replicas=3 --port=8080'],
    ['create deployment fresh --image=nginx --image=envoy:1 -r 2'],
    ["create deployment fresh --image=busybox -- sh -c 'sleep 5'"],
    ['create deploy fresh --image=nginx'],
    ['create configmap fresh --from-literal=a=b'],
    ["create configmap fresh --from-literal=a='b c' --from-literal 'd=e=f'"],
    ['create cm fresh --from-literal=file.txt='],
    ['create -f -', CONFIG],
    ['apply -f -', CONFIG],
    ['apply -f - --server-side', CONFIG],
    ['expose deployment web --port=80 --name=fresh'],
    ['expose deploy/web --port=80 --target-port=8080 --name=fresh --type=NodePort'],
    ['expose pod solo --port=53 --protocol=UDP --target-port=dns'],
    ['expose service web --port=81 --name=fresh'],
  ])('%s', async (command, stdin) => {
    const [operation, ...more] = await operationsOf(command, stdin)
    expect(more).toEqual([])
    const words = wordsOf(command).filter((word) => word !== 'kubectl')
    const behind = words.indexOf('--')
    const own =
      behind === -1
        ? [...words, ...serverDryRun]
        : words.toSpliced(behind, 0, ...serverDryRun, '-n', at.namespace)
    const expected = behind === -1 ? await kubectl(own, stdin) : await at.handle.kubectl(own, stdin)
    expect(await effectOf(operation!)).toEqual(plain(expected))
  })

  it.each([
    'delete pod solo',
    'delete pods solo --now',
    'delete deployment/web cm/settings',
    'delete deploy web',
    'delete cm settings --cascade=orphan --wait=false',
    'delete svc web --grace-period 30',
    'delete configmaps.v1. settings',
  ])('%s names the same objects', async (command) => {
    const operations = await operationsOf(command)
    const theirs = (await kubectl([...wordsOf(command), '--dry-run=server', '-o', 'name'])).trim().split('\n')
    const ours = []
    for (const operation of operations) {
      if (operation.type !== 'delete') throw new Error(operation.type)
      const { kind, apiVersion, name } = operation.target
      const resource = await at.clusters.cluster().discovery.resolve(kind, apiVersion)
      ours.push(`${resource.kind.toLowerCase()}${resource.group && `.${resource.group}`}/${name}`)
    }
    expect(ours).toEqual(theirs)
  })

  it.each([
    ['scale deployment web --replicas=5', 5],
    ['scale deploy/web --replicas 0', 0],
    ['scale --replicas=3 sts db', 3],
  ])('%s', async (command, replicas) => {
    expect(await operationsOf(command)).toMatchObject([{ type: 'scale', replicas }])
    expect(JSON.parse(await kubectl([...wordsOf(command), ...serverDryRun])).spec.replicas).toBe(replicas)
  })

  it('rollout restart, undo and exec become their own operations', async () => {
    const where = { namespace: at.namespace }
    expect(await operationsOf('rollout restart deployment web')).toEqual([
      { type: 'restart', target: { ...where, kind: 'deployment', name: 'web' } },
    ])
    expect(await operationsOf('rollout undo deploy/web --to-revision=3')).toEqual([
      { type: 'rollback', target: { ...where, kind: 'deploy', name: 'web' }, revision: 3 },
    ])
    expect(await operationsOf('exec solo -c main -- sh -c "ls | wc"')).toEqual([
      {
        type: 'exec',
        target: { ...where, kind: 'pod', name: 'solo' },
        container: 'main',
        command: ['sh', '-c', 'ls | wc'],
      },
    ])
  })

  it.each([
    'label deployment web tier=back',
    'set image deployment/web nosuch=nginx',
    'set env deployment/web -c nosuch A=1',
    'expose cm settings --port=80',
  ])('%s is refused by both', async (command) => {
    await expect(operationsOf(command)).rejects.toMatchObject({
      code: expect.stringMatching(/COMMAND_REFUSED|NOT_FOUND/),
    })
    if (!command.includes('set env'))
      await expect(kubectl([...wordsOf(command), ...serverDryRun])).rejects.toThrow()
  })

  it('a namespace in front of the verb is one behind it', () => {
    expect(parseKubectl('kubectl -n shop delete pod web')).toEqual(parseKubectl('delete pod web -n shop'))
    expect(parseKubectl('--namespace=shop get pods')).toEqual(parseKubectl('get pods -n shop'))
  })

  it('a namespace is not said of a kind that has none', async () => {
    const manifest = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: fresh }\n'
    expect(await operationsOf('apply -f -', manifest)).toEqual([
      expect.objectContaining({ target: { apiVersion: 'v1', kind: 'Namespace', name: 'fresh' } }),
    ])
  })

  it('what expose makes without its checks is refused by the server', async () => {
    const meaning = parseKubectl('expose deployment web --port=80 --name=fresh', { namespace: at.namespace })
    if ('read' in meaning) throw new Error('a read')
    await expect(effectOf(meaning.write[0]!)).rejects.toThrow(/Invalid value/)
  })
})

describe('reads answer what kubectl answers', () => {
  const answer = (command: string) => {
    const meaning = parseKubectl(command, { defaultNamespace: at.namespace })
    if ('write' in meaning) throw new Error('a write')
    return answerRead(meaning.read, at.clusters)
  }

  it.each([
    'get pods',
    'get po -o wide',
    'get deployments',
    'get deploy web',
    'get deploy/web -o wide',
    'get cm settings',
    'get svc',
    'get pods -l app=solo',
    'get pods --selector=app!=solo',
    'get pods --field-selector metadata.name=solo',
    'get namespaces',
    'get cronjobs.v1.batch',
    'get deploy --show-labels',
    'get deploy -A -l tier=front',
    'get pods -o name',
    'get deployments -o name',
  ])('%s: the same names', async (command) => {
    const where = command.includes(' -A') ? [] : ['-n', at.namespace]
    const theirs = await at.handle.kubectl([...wordsOf(command), ...where])
    const names = theirs
      .trim()
      .split('\n')
      .slice(command.includes('-o name') ? 0 : 1)
      .map((line) => line.split(/\s+/)[command.includes(' -A') ? 1 : 0])
    const ours = await answer(command)
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) expect(ours).toContain(name)
    const headings = theirs
      .split('\n', 1)[0]!
      .split(/\s{2,}/)
      .filter((one) => /^[A-Z-]+$/.test(one))
    if (!command.includes('-o name'))
      for (const heading of headings) expect(ours.split('\n', 1)[0]).toContain(heading)
  })

  it('YAML and JSON of one and of many, without secret values', async () => {
    expect(await answer('get deploy web -o yaml')).toMatch(/kind: Deployment[\s\S]*image: nginx:1\.26/)
    expect(JSON.parse(await answer('get cm settings -o json'))).toMatchObject({
      kind: 'ConfigMap',
      data: { level: 'info' },
    })
    for (const command of [
      'get secret vault -o yaml',
      'get secrets -o yaml',
      'get secret vault -o json',
      'describe secret vault',
    ]) {
      const text = await answer(command)
      expect(text).toContain('vault')
      expect(text).not.toMatch(/hunter2|aHVudGVyMi/)
    }
  })

  it('describe, rollout, explain, api-resources, version, can-i', async () => {
    expect(await answer('describe deployment web')).toMatch(/name: web/)
    expect(await answer('rollout status deployment/web')).toMatch(/deployment "web" is /)
    expect(await answer('rollout history deploy web')).toMatch(/REVISION[\s\S]*1 \(current\)/)
    await expect(answer('rollout history sts db')).rejects.toMatchObject({ code: 'COMMAND_REFUSED' })
    expect(await answer('explain deployments.spec.replicas')).toMatch(/FIELD: +spec\.replicas <integer>/)
    expect(await answer('api-resources --api-group=apps')).toMatch(
      /deployments +deploy +apps\/v1 +true +Deployment/,
    )
    expect(await answer('version')).toMatch(/Server Version: v1\./)
    expect(await answer('auth can-i delete pods/web')).toMatch(/^yes /)
  })

  it('what is not there is said with what is', async () => {
    await expect(answer('get deploy wbe')).rejects.toThrow(/did you mean web/)
    await expect(answer('get deploymentz')).rejects.toMatchObject({ code: 'UNKNOWN_KIND' })
    expect(await answer('get jobs')).toMatch(/No resources found/)
  })

  it('logs', async () => {
    await expect.poll(() => answer('get pod solo'), { timeout: 20_000 }).toMatch(/Running/)
    await at.handle.writeLog(at.namespace, 'solo', 'main', 'one\ntwo\nthree\n')
    expect(await answer('logs solo --tail=2')).toMatch(/^two\nthree/)
    expect(await answer('logs pod/solo -c main')).toMatch(/one\ntwo\nthree/)
  })

  it('is bounded', async () => {
    const read = parseKubectl('get pods -A -o yaml')
    if ('write' in read) throw new Error('a write')
    expect((await answerRead(read.read, at.clusters, { maxTokens: 500 })).length).toBeLessThan(4_000)
  })
})
