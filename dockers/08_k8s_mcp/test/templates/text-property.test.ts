import { GatehouseError } from '@gatehouse/errors'
import { type ClusterHandle, sharedCluster } from '@gatehouse/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fillTemplate, parseTemplate } from '../../src/templates/index.ts'
import { type DryRun, dryRunAgainst } from './dry-run.ts'
import { HOSTILE } from './samples.ts'

const COUNT = 200
const names = Array.from({ length: COUNT }, (_, index) => `t${index}`)
const lines = (of: (name: string) => string) => names.map(of).join('\n')
const TEMPLATE = parseTemplate(
  'many-texts',
  `title: Many texts
summary: A ConfigMap of texts.
group: configuration
parameters:
${lines((name) => `  ${name}: { type: text, maximum: 20000, description: A text }`)}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: texts
data:
  always: there
${lines((name) => `  ${name}: \${${name}}`)}
`,
)

let cluster: ClusterHandle
let api: DryRun

beforeAll(async () => {
  cluster = await sharedCluster()
  api = await dryRunAgainst(cluster.kubeconfig, await cluster.freshNamespace('texts'))
})

afterAll(() => cluster.kubectl(['delete', 'namespace', api.namespace, '--wait=false']))

// Pieces that mean something in YAML, in any order, between texts of all of Unicode, half surrogates too.
const pieces = [
  ...HOSTILE.filter((text) => text.length < 40),
  '\n',
  ' ',
  '  ',
  '\n  ',
  ': ',
  ' #',
  '-',
  '"',
  "'",
  '\\',
]
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    maxLength: 12,
  }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join('')),
  // What Go could take for a number: it leaves out underscores before it looks.
  fc
    .array(fc.constantFrom(...'0017_xXbBoOeE.-+:F'), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join('')),
)

/** Takes out what is refused, after a look at the reason. */
function takeOut(values: Record<string, string>): Record<string, string> {
  try {
    fillTemplate(TEMPLATE, values)
    return values
  } catch (error) {
    expect(error).toBeInstanceOf(GatehouseError)
    const { problems } = (error as GatehouseError).data as {
      problems: { parameter: string; reason: string }[]
    }
    for (const { reason } of problems)
      expect(reason).toMatch(/^it holds (half a surrogate pair|the control character U)/)
    const wrong = problems.map(({ parameter }) => parameter)
    return takeOut(Object.fromEntries(Object.entries(values).filter(([name]) => !wrong.includes(name))))
  }
}

it('any text comes back from the API server as it was, or is refused', async () => {
  let survived = 0
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: COUNT, maxLength: COUNT }), async (texts) => {
      const given = takeOut(Object.fromEntries(texts.map((value, index) => [`t${index}`, value])))
      const [sent] = fillTemplate(TEMPLATE, given)
      const { status, body } = await api.apply(sent ?? {})
      expect(body.message).toBeUndefined()
      expect(status).toBe(201)
      const expected = Object.entries(given)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => [name, value.replaceAll('\r\n', '\n')])
      expect(body.data).toEqual({ always: 'there', ...Object.fromEntries(expected) })
      survived += expected.length
    }),
    { numRuns: 40 },
  )
  // Lest nearly all be refused.
  expect(survived).toBeGreaterThan(40 * COUNT * 0.4)
})
