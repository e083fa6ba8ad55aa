export const GROUPS = [
  'workloads',
  'network',
  'configuration',
  'storage',
  'access',
  'availability',
  'namespaces',
  'applications',
] as const
type Group = (typeof GROUPS)[number]

export type ParameterType =
  | 'name'
  | 'host'
  | 'image'
  | 'quantity'
  | 'integer'
  | 'port'
  | 'boolean'
  | 'choice'
  | 'schedule'
  | 'path'
  | 'text'

/** What a parameter can be once it has been read. */
export type Value = string | number | boolean

/** One value that a caller may set; static/README.md says what each type takes. */
export interface Parameter {
  name: string
  type: ParameterType
  description: string
  /** Without one the parameter, and the field it fills, is left out unless given. */
  default?: Value | undefined
  /** Of `integer` and `port`. */
  minimum?: number | undefined
  /** Of `integer` and `port`; of `name` and `text` the most characters. */
  maximum?: number | undefined
  /** Of `choice`. */
  choices?: string[] | undefined
}

/** One file of static/templates. */
export interface Template {
  name: string
  title: string
  summary: string
  group: Group
  notes: string[]
  /** In the order of the file. */
  parameters: Parameter[]
  /** The manifests, with `${name}` where values go. */
  documents: Record<string, unknown>[]
}
