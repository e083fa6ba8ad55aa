import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modelOf } from '../../src/reference/sources/typings-model.ts'
import { kindOf, nameOf } from '../../src/reference/sources/typings-names.ts'

interface Type {
  text: string
  format: string
  schema: object
}

const leaf: fc.Arbitrary<Type> = fc.constantFrom(
  { text: 'string', format: '', schema: { type: 'string' } },
  { text: 'string', format: 'byte', schema: { type: 'string', format: 'byte' } },
  { text: 'boolean', format: '', schema: { type: 'boolean' } },
  { text: 'number', format: 'int32', schema: { type: 'integer', format: 'int32' } },
  { text: 'number', format: 'double', schema: { type: 'number', format: 'double' } },
  { text: 'Date', format: 'date-time', schema: { type: 'string', format: 'date-time' } },
  { text: 'V1MicroTime', format: 'date-time-micro', schema: { type: 'string', format: 'date-time' } },
  { text: 'any', format: '', schema: {} },
  { text: 'V1Container', format: '', schema: { $ref: '#/components/schemas/v1.Container' } },
  { text: 'CoreV1Event', format: '', schema: { $ref: '#/components/schemas/core.v1.Event' } },
)
const wrapped = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    leaf,
    tie('type').map(({ text, format, schema }) => ({
      text: `Array<${text}>`,
      format,
      schema: { type: 'array', items: schema },
    })),
    tie('type').map(({ text, format, schema }) => ({
      text: `{\n        [key: string]: ${text};\n    }`,
      format,
      schema: { type: 'object', additionalProperties: schema },
    })),
  ),
})).type
// Texts that could be taken for code; in one line and trimmed, as the generator makes them.
const description = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom(
        "'name'?: string;",
        '*/',
        '/*',
        '}',
        '"',
        '\\',
        'static readonly',
        '; // x',
        '{ [key: string]: ',
      ),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(' ').replaceAll(/\s+/g, ' ').trim())
  // The generator's marks are not told apart from the same characters in a text.
  .filter((text) => !/\*_|_\*|\/\*\/|\*_\/|^\*/.test(text))
const name = fc.stringMatching(/^[a-z_$][A-Za-z0-9_$]{0,15}$/).filter((text) => text !== '__proto__')
const field = fc.record({ name, description, type: wrapped, required: fc.boolean() })
const model = fc.record({
  description,
  fields: fc.uniqueArray(field, { selector: (one) => one.name, maxLength: 6 }),
})

type Model = typeof model extends fc.Arbitrary<infer One> ? One : never

const escaped = (text: string): string =>
  text
    .replaceAll(/["'\\]/g, '\\$&')
    .replaceAll('*/', '*_/')
    .replaceAll('/*', '/_*')

const comment = (text: string, indent: string): string =>
  text && `${indent}/**\n${indent}* ${escaped(text)}\n${indent}*/\n`

function declarationOf({ description, fields }: Model): string {
  const lines = fields.map(
    (one) =>
      `${comment(one.description, '    ')}    '${one.name}'${one.required ? '' : '?'}: ${one.type.text};\n`,
  )
  return `/**
 * Kubernetes
 * OpenAPI spec version: release-1.36
 * Do not edit the class manually.
 */
import { V1Container } from '../models/V1Container.js';
import { IntOrString } from '../../types.js';
${comment(description, '')}export declare class V1Example {
${lines.join('')}    static readonly discriminator: string | undefined;
    static readonly mapping: {
        [index: string]: string;
    } | undefined;
    static readonly attributeTypeMap: Array<{
        name: string;
    }>;
    constructor();
}
`
}

const codeOf = ({ fields }: Model): string => {
  const attributes = fields.map((one) => ({
    name: one.name,
    baseName: `json-${one.name}`,
    type: one.type.text,
    format: one.type.format,
  }))
  return `V1Example.attributeTypeMap = ${JSON.stringify(attributes, undefined, 4)};\n//# sourceMappingURL=V1Example.js.map`
}

describe('a generated model', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(model, (made) => {
        const { schema, imports } = modelOf(declarationOf(made), codeOf(made))
        expect(imports).toEqual(['V1Container'])
        expect(schema.description ?? '').toBe(made.description)
        expect(schema.required ?? []).toEqual(
          made.fields.filter((one) => one.required).map((one) => `json-${one.name}`),
        )
        expect(Object.keys(schema.properties ?? {}).sort()).toEqual(
          made.fields.map((one) => `json-${one.name}`).sort(),
        )
        for (const one of made.fields) {
          const { description = '', allOf, ...rest } = schema.properties?.[`json-${one.name}`] ?? {}
          expect(description).toBe(one.description)
          expect(allOf?.[0] ?? rest).toEqual(one.type.schema)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('with a type that no generator wrote so far is refused, not misread', () => {
    const text = "export declare class V1New {\n    'mode'?: 'a' | 'b';\n}\n"
    expect(() => modelOf(text, '')).toThrow(/Not a type/)
    expect(() => modelOf("export declare class V1New {\n    'mode'?: string | null;\n}\n", '')).toThrow(
      /Not a type/,
    )
    expect(() => modelOf('nothing', '')).toThrow(/No class/)
  })
})

it.each([
  ['V1Deployment', 'v1.Deployment', 'Deployment'],
  ['V1beta1IPAddress', 'v1beta1.IPAddress', 'IPAddress'],
  ['V1alpha3CELDeviceSelector', 'v1alpha3.CELDeviceSelector', 'CELDeviceSelector'],
  ['CoreV1Event', 'core.v1.Event', 'Event'],
  ['V2HPAScalingRules', 'v2.HPAScalingRules', 'HPAScalingRules'],
  ['VersionInfo', 'VersionInfo', 'VersionInfo'],
])('%s is shown as %s', (model, name, kind) => {
  expect(nameOf(model)).toBe(name)
  expect(kindOf(model)).toBe(kind)
})
