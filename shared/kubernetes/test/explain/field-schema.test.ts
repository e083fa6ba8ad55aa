import { describe, expect, it } from 'vitest'
import { FieldSchemas } from '../../src/explain/field-schema.ts'
import type { Schema, Schemas } from '../../src/explain/openapi-schemas.ts'
import { unknownFields } from '../../src/explain/unknown-fields.ts'

const reference = (name: string): Schema => ({ $ref: `#/components/schemas/io.example.v1.${name}` })
const all: Schemas = {
  'io.example.v1.Widget': {
    type: 'object',
    description: 'A widget.',
    properties: { spec: { description: 'What is wanted.', default: {}, allOf: [reference('WidgetSpec')] } },
    'x-kubernetes-group-version-kind': [{ group: 'example.io', version: 'v1', kind: 'Widget' }],
  },
  'io.example.v1.WidgetSpec': {
    type: 'object',
    description: 'WidgetSpec.',
    required: ['parts'],
    properties: {
      parts: { type: 'array', items: { allOf: [reference('Part')] } },
      limits: { type: 'object', additionalProperties: reference('Quantity') },
      port: { 'x-kubernetes-int-or-string': true },
      self: reference('WidgetSpec'),
      free: {
        type: 'object',
        properties: { a: { type: 'string' } },
        'x-kubernetes-preserve-unknown-fields': true,
      },
    },
  },
  'io.example.v1.Part': {
    type: 'object',
    properties: { name: { type: 'string' }, when: { type: 'string', format: 'date-time' } },
  },
  'io.example.v1.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
}
const schemas = new FieldSchemas(all)
const root = schemas.kind('example.io', 'v1', 'Widget') ?? {}

describe('FieldSchemas', () => {
  it('walks through references and lists', () => {
    const { schema, required } = schemas.walk(root, ['spec', 'self', 'parts', 'name'], 'Widget')
    expect([schema.type, required]).toEqual(['string', false])
    expect(schemas.walk(root, ['spec', 'parts'], 'Widget').required).toBe(true)
  })

  it('keeps what is said beside a reference', () => {
    expect(schemas.resolved(schemas.walk(root, ['spec'], 'Widget').schema).description).toBe(
      'What is wanted.',
    )
  })

  it('names types as a Kubernetes writer knows them', () => {
    const typeOf = (...path: string[]) => schemas.typeOf(schemas.walk(root, path, 'Widget').schema)
    expect(typeOf('spec')).toBe('WidgetSpec')
    expect(typeOf('spec', 'parts')).toBe('[]Part')
    expect(typeOf('spec', 'limits')).toBe('map[string]Quantity')
    expect(typeOf('spec', 'port')).toBe('int-or-string')
    expect(typeOf('spec', 'parts', 'when')).toBe('string (date-time)')
  })

  it.each([
    [
      ['spec', 'part'],
      ['parts', 'port'],
    ],
    [['constructor'], []],
    [['spec', 'parts', 'nmae'], ['name']],
  ])('refuses %j with near names', (path, near) => {
    expect(() => schemas.walk(root, path, 'Widget')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', data: { nearest: near } }),
    )
  })

  it('knows no kind that is not there', () => {
    expect(schemas.kind('example.io', 'v2', 'Widget')).toBeUndefined()
  })
})

describe('unknownFields', () => {
  it('finds every one, and lets maps and open structures be', () => {
    const object = {
      spec: { prts: 1, parts: [{ name: 'a' }, { nam: 'b' }], limits: { anything: 1 }, free: { whatever: 1 } },
      status: 1,
    }
    expect(unknownFields(schemas, root, object)).toEqual([
      { field: 'spec.prts', nearest: ['parts', 'port'] },
      { field: 'spec.parts[1].nam', nearest: ['name'] },
      { field: 'status', nearest: [] },
    ])
  })
})
