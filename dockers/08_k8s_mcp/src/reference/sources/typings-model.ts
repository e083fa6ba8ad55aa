import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Schema } from '@gatehouse/kubernetes'
import { parseDeclaration } from './typings-declaration.ts'
import { described } from './typings-types.ts'

export interface Model {
  schema: Schema
  /** Names of the models it refers to. */
  imports: string[]
}

/** What the generated code says about a field and the typings do not. */
interface Attribute {
  name: string
  /** As in JSON: `default` where TypeScript has `_default`. */
  baseName: string
  format: string
}

/** One model out of its declaration, and out of its code for the formats and for names that TypeScript cannot have. */
export async function readModel(folder: string, name: string): Promise<Model> {
  const file = join(folder, 'models', name)
  const [declaration, code] = await Promise.all([
    readFile(`${file}.d.ts`, 'utf8'),
    readFile(`${file}.js`, 'utf8'),
  ])
  return modelOf(declaration, code)
}

export function modelOf(declaration: string, code: string): Model {
  const { description, fields, imports } = parseDeclaration(declaration)
  const attributes = new Map(attributesOf(code).map((attribute) => [attribute.name, attribute]))
  const jsonName = (name: string): string => attributes.get(name)?.baseName ?? name
  const required = fields.filter((field) => field.required).map((field) => jsonName(field.name))
  const properties = fields.map((field): [string, Schema] => [
    jsonName(field.name),
    described(field.type, attributes.get(field.name)?.format ?? '', field.description),
  ])
  const schema: Schema = {
    ...(description && { description }),
    type: 'object',
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required }),
  }
  return { schema, imports }
}

function attributesOf(code: string): Attribute[] {
  const [, list] = /attributeTypeMap = (\[[\s\S]*?\n?\]);/.exec(code) ?? []
  return list ? (JSON.parse(list) as Attribute[]) : []
}

/** `1.36` out of the comment that every generated model starts with. */
export async function versionOf(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'models', 'V1ObjectMeta.d.ts'), 'utf8')
  const [, version] = /OpenAPI spec version: (?:release-|v)(\d+\.\d+(?:\.\d+)?)/.exec(text) ?? []
  if (!version) throw new Error('The typings of the Kubernetes client do not say which version they describe')
  return version
}
