import {
  boolYaml11Tag,
  defineScalarTag,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  mergeTag,
  NOT_RESOLVED,
  nullCoreTag,
  Schema,
} from 'js-yaml'

const INTEGER = /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$/

// As Go's YAML 1.1 reads it: `defaultMode: 0644` is 420, which YAML 1.2 would read as 644; no base 60 (`22:22`).
const kubernetesInt = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...'0123456789'],
  resolve: (source) => {
    if (!INTEGER.test(source)) return NOT_RESOLVED
    const negative = source.startsWith('-')
    const digits = source.replace(/^[-+]/, '').replaceAll('_', '')
    const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
    const number = Number(octal)
    if (Number.isNaN(number)) return NOT_RESOLVED
    return negative ? -number : number
  },
  identify: () => false,
  represent: String,
})

/** YAML as the API server and kubectl read it: YAML 1.1 booleans, octal numbers and merge keys, but no timestamps. */
export const KUBERNETES_YAML = new Schema([
  ...FAILSAFE_SCHEMA.tags,
  nullCoreTag,
  boolYaml11Tag,
  kubernetesInt,
  floatCoreTag,
  mergeTag,
])
