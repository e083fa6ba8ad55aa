import { GatehouseError } from '@gatehouse/errors'
import { KUBERNETES_YAML } from '@gatehouse/kubernetes'
import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  fillTemplate,
  manifestObject,
  manifestYaml,
  templates,
  type Value,
} from '../../src/templates/index.ts'
import { type DryRun, dryRunAgainst, type Json, lost, placed, shape } from './dry-run.ts'
import { installGatewayApi } from './gateway-api.ts'
import { HOSTILE, otherValues } from './samples.ts'

const ALL = await templates()

let cluster: ClusterHandle
let api: DryRun
let removeGatewayApi: () => Promise<unknown>

beforeAll(async () => {
  cluster = await sharedCluster()
  const namespace = await cluster.freshNamespace('templates')
  const levels = ['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`)
  await cluster.kubectl(['label', 'namespace', namespace, ...levels])
  removeGatewayApi = await installGatewayApi(cluster)
  api = await dryRunAgainst(cluster.kubeconfig, namespace)
})

afterAll(async () => {
  await removeGatewayApi?.()
  await cluster.kubectl(['delete', 'namespace', api.namespace, '--wait=false'])
})

async function accepted(objects: Json[]): Promise<Json[]> {
  const replies = await Promise.all(placed(objects, api.namespace).map((object) => api.apply(object)))
  const refusals = replies.filter(({ status }) => status > 201).map(({ body }) => body.message)
  expect(refusals).toEqual([])
  // Among them those of the Pod Security level "restricted" for the pods a workload would make.
  expect(replies.map(({ warnings }) => warnings).join('')).toBe('')
  return replies.map(({ body }) => body)
}

describe.each(ALL.map((template) => [template.name, template] as const))('%s', (_name, template) => {
  it('is accepted with its defaults, and what is sent comes back', async () => {
    const sent = placed(fillTemplate(template, {}), api.namespace)
    const got = await accepted(sent)
    expect(sent.flatMap((object, index) => lost(object, got[index]))).toEqual([])
  })

  it('is accepted with another value of each parameter, and each stands where it belongs', async () => {
    const values = otherValues(template, api.namespace)
    for (const { name, default: usual } of template.parameters) expect(values[name]).not.toBe(usual)
    const sent = placed(fillTemplate(template, values), api.namespace)
    expect(template.documents.flatMap((document, index) => misplaced(document, sent[index], values))).toEqual(
      [],
    )
    const got = await accepted(sent)
    expect(sent.flatMap((object, index) => lost(object, got[index]))).toEqual([])
  })
})

describe('kubectl reads as the same data', () => {
  const readByKubectl = async (text: string): Promise<Json[]> => {
    const read = ['create', '--dry-run=client', '--validate=false', '--output', 'json', '--filename', '-']
    // Printed one after the other, not as a list.
    return JSON.parse(`[${(await cluster.kubectl(read, text)).replaceAll('\n}\n{', '\n},\n{')}]`)
  }

  it('all templates at once, as YAML and as a List', async () => {
    const sent = ALL.flatMap((template) => fillTemplate(template, otherValues(template, 'elsewhere')))
    expect(await readByKubectl(manifestYaml(sent))).toEqual(sent)
    expect(await readByKubectl(JSON.stringify(manifestObject(sent)))).toEqual(sent)
  })

  it('hostile values, which end no document', async () => {
    const template = ALL.find(({ name }) => name === 'config-map') as (typeof ALL)[number]
    const sent = HOSTILE.flatMap((value) => filled(template, 'file', value) ?? [])
    expect(sent.length).toBeGreaterThan(100)
    const named = sent.map((object, index) => ({
      ...object,
      metadata: { name: `n-${index}`, namespace: 'elsewhere' },
    }))
    expect(await readByKubectl(manifestYaml(named))).toEqual(named)
  })
})

/** Where a placeholder stood and its value does not; told apart from `substitute`, which it checks. */
function misplaced(document: Json, sent: Json, values: Record<string, Value>, path = ''): string[] {
  if (typeof document === 'string') {
    const expected =
      document.startsWith('${') && document.indexOf('}') === document.length - 1
        ? values[document.slice(2, -1)]
        : Object.entries(values).reduce(
            (text, [name, value]) => text.replaceAll(`\${${name}}`, () => String(value)),
            document,
          )
    return expected === sent || path === '/metadata/namespace' ? [] : [`${path}: ${sent}`]
  }
  if (document === null || typeof document !== 'object') return document === sent ? [] : [`${path}: ${sent}`]
  return Object.entries(document).flatMap(([key, value]) =>
    misplaced(value, sent?.[key], values, `${path}/${key}`),
  )
}

/** What a value makes of a template; undefined where it is refused as it has to be. */
function filled(template: (typeof ALL)[number], name: string, value: string): Json[] | undefined {
  try {
    return fillTemplate(template, { ...otherValues(template, api.namespace), [name]: value })
  } catch (error) {
    expect(error).toBeInstanceOf(GatehouseError)
    const { code, message, hint, data } = error as GatehouseError
    expect(code).toBe('INVALID_INPUT')
    expect(data.problems).toEqual([{ parameter: name, reason: expect.stringMatching(/^(it|its|two|what) /) }])
    if (value.length > 6) expect(message + hint + JSON.stringify(data)).not.toContain(value)
    return undefined
  }
}

const cases = ALL.flatMap((template) =>
  template.parameters.map(({ name }) => [template.name, name, template] as const),
)

let kept = 0

describe.each(cases)('%s, parameter %s', (_template, name, template) => {
  it('refuses a hostile value or keeps it as data', async () => {
    const usual = placed(fillTemplate(template, otherValues(template, api.namespace)), api.namespace)
    const expected = await Promise.all(usual.map((object) => api.apply(object)))
    await Promise.all(
      HOSTILE.map(async (value) => {
        const objects = filled(template, name, value)
        if (!objects) return
        expect(objects).toHaveLength(template.documents.length)
        expect(loadAll(manifestYaml(objects), { schema: KUBERNETES_YAML })).toEqual(objects)
        // A namespace that is not there refuses everything.
        if (name === 'namespace') return
        const sent = placed(objects, api.namespace)
        await Promise.all(
          sent.map(async (object, index) => sameShape(object, await api.apply(object), expected[index])),
        )
        kept++
      }),
    )
  })
})

it('some hundred hostile values were kept as data, so the above looked at something', () => {
  expect(kept).toBeGreaterThan(800)
})

function sameShape(sent: Json, reply: Json, usual: Json): void {
  // The API server may know better what a field takes; then it says which, and made nothing of it.
  if (reply.status > 201) {
    expect(reply.status).toBe(422)
    expect(reply.body.details.causes.length).toBeGreaterThan(0)
    return
  }
  expect(lost(sent, reply.body)).toEqual([])
  expect(shape(reply.body)).toEqual(shape(usual.body))
}
