export { fillTemplate } from './fill-template.ts'
export { template, templates } from './library.ts'
export { manifestObject, manifestYaml } from './manifest-yaml.ts'
export { parseTemplate } from './parse-template.ts'
export {
  GROUPS,
  type Parameter,
  type ParameterType,
  type Template,
  type Value,
} from './template.ts'
