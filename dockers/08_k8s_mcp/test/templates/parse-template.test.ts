// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of templates
import { describe, expect, it } from 'vitest'
import { parseTemplate } from '../../src/templates/index.ts'

const HEAD = 'title: Thing\nsummary: A thing.\ngroup: workloads\n'
const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n'
const wrong = (text: string, name = 'thing') => {
  try {
    parseTemplate(name, text)
    return 'parsed'
  } catch (error) {
    return (error as Error).message
  }
}
const withParameter = (parameter: string, use = '${p}') =>
  wrong(`${HEAD}parameters:\n  p: ${parameter}\n---\n${MANIFEST}data:\n  p: ${use}\n`)

describe('a header', () => {
  it.each([
    ['title: [a', /^thing\.yaml: line \d+: /],
    [`a: &x b\nc: *x`, /^thing\.yaml: line 2: /],
    ['just text', /^thing\.yaml: header: /],
    [`${HEAD}---\n${MANIFEST}`, /^thing\.yaml: parameters: .*expected record/],
    [`${HEAD}parameters: {}\n---\n${MANIFEST}`, /^thing\.yaml: parameters: at least one is needed$/],
    [
      `${HEAD.replace('workloads', 'work')}parameters: {p: {type: name, description: P}}`,
      /group: .*"workloads"/,
    ],
    [`${HEAD}colour: red\nparameters: {p: {type: name, description: P}}`, /header: .*"colour"/],
    [
      `${HEAD}parameters: {P-x: {type: name, description: P}}`,
      /parameters\.P-x: a name is a letter in lower case/,
    ],
    [`${HEAD}parameters: {format: {type: name, description: P}}`, /parameters\.format: this name is taken/],
    [`title: " Thing"\nsummary: A.\ngroup: storage`, /title: expected one line without space around it/],
  ])('%j says what is wrong', (text, reason) => {
    expect(wrong(text)).toMatch(reason)
  })

  it('names the file, each field and each reason', () => {
    expect(
      wrong('title: ""\ngroup: workloads\nparameters: {p: {type: name, description: P}}').split('\n'),
    ).toEqual([
      expect.stringMatching(/^thing\.yaml: title: /),
      expect.stringMatching(/^thing\.yaml: title: expected one line/),
      expect.stringMatching(/^thing\.yaml: summary: /),
    ])
  })

  it.each(['Thing', '../x', 'a_b', 'a--b', '', 'a.b'])('under the name %j is refused', (name) => {
    expect(wrong('', name)).toContain('lower-case words joined by hyphens')
  })
})

describe('a parameter', () => {
  it.each([
    ['{ type: zoo, description: P }', /parameters\.p\.type: .*'name'/],
    ['{ type: name }', /parameters\.p\.description: /],
    ['{ type: name, description: P, minimum: 1 }', /parameters\.p: .*"minimum"/],
    ['{ type: choice, description: P }', /parameters\.p\.choices: /],
    [
      '{ type: choice, description: P, choices: [a, a] }',
      /parameters\.p\.choices: one of them stands there twice/,
    ],
    ['{ type: choice, description: P, choices: [on, off] }', /parameters\.p\.choices\.0: .*received boolean/],
    [
      '{ type: choice, description: P, choices: [a, b], default: c }',
      /parameters\.p\.default: it is none of a, b/,
    ],
    ['{ type: name, description: P, default: A }', /parameters\.p\.default: it is no DNS label/],
    ['{ type: port, description: P, default: 0 }', /parameters\.p\.default: it is not from 1 to 65535/],
    [
      '{ type: integer, description: P, minimum: 3, maximum: 2 }',
      /parameters\.p\.minimum: it is above the maximum/,
    ],
    ['{ type: text, description: P, default: 5 }', /parameters\.p\.default: .*expected string/],
  ])('%s is refused with the reason', (parameter, reason) => {
    expect(withParameter(parameter)).toMatch(reason)
  })
})

describe('a placeholder', () => {
  const text = '{ type: text, description: P }'
  it.each([
    ['${q}', /document 1: data\.p: \$\{q\} is no parameter/],
    ['${p', /document 1: data\.p: \$\{p\} is part of a text/],
    ['a ${p}', /data\.p: \$\{p\} is part of a text and has no default/],
    ['${ p }', /\$\{ p \} is no parameter/],
    ['plain', /parameters\.p: no manifest uses it/],
    ['x\n  ${p}: y', /document 1: data\.\$\{p\}: a placeholder cannot be part of a key/],
  ])('in %j is refused with the place', (use, reason) => {
    expect(withParameter(text, use)).toMatch(reason)
  })
})

describe('a manifest', () => {
  const head = `${HEAD}parameters:\n  p: { type: name, description: P }\n---\n`
  it.each([
    [head.slice(0, -4), /parameters\.p: no manifest uses it/],
    [
      `${head}kind: Pod\nmetadata: { name: a, labels: { a: "\${p}" } }`,
      /document 1: apiVersion or kind is missing/,
    ],
    [
      `${head}apiVersion: v1\nkind: Pod\nmetadata: { name: "\${p}" }`,
      /metadata\.name is missing with the defaults/,
    ],
    [`${head}${MANIFEST}data: { a: "\${p}" }\n---\n`, /document 2: apiVersion or kind is missing/],
    [
      `${head.replace('P }', 'P, default: v1 }')}apiVersion: \${p}\nkind: Pod\nmetadata: {name: a}`,
      /cannot be placeholders/,
    ],
  ])('%j is refused', (yaml, reason) => {
    expect(wrong(yaml)).toMatch(reason)
  })
})
