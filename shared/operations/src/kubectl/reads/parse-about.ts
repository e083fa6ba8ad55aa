import type { Command, Meaning } from '../command.ts'
import { ANYWHERE, type FlagShapes, NAMESPACE } from '../flags.ts'
import { kindOf, nameOf, oneObject } from '../names.ts'
import { mistaken, quoted, refused } from '../refusal.ts'
import { selectorOf } from './selector.ts'

export const topFlags: FlagShapes = {
  ...ANYWHERE,
  selector: { takes: 'text', short: 'l' },
  containers: { takes: 'switch', refuse: 'usage is shown per pod' },
  'sort-by': { takes: 'text', refuse: 'most CPU stands first' },
}
export const explainFlags: FlagShapes = {
  'api-version': { takes: 'text' },
  recursive: { takes: 'switch', refuse: 'one level at a time; name the field: pods.spec.containers' },
}
export const apiResourcesFlags: FlagShapes = {
  'api-group': { takes: 'text' },
  namespaced: { takes: 'switch' },
  output: { takes: 'text', short: 'o' },
}
export const versionFlags: FlagShapes = {
  output: { takes: 'text', short: 'o' },
  client: { takes: 'switch', refuse: 'no kubectl is run; the version is that of the cluster' },
}
export const canIFlags: FlagShapes = {
  ...ANYWHERE,
  subresource: { takes: 'text' },
  list: { takes: 'switch', refuse: 'such lists may be incomplete; ask for one verb and kind' },
  quiet: { takes: 'switch', short: 'q', refuse: 'the answer is a word' },
}
export const rolloutReadFlags: FlagShapes = {
  ...NAMESPACE,
  watch: { takes: 'switch', short: 'w', refuse: 'nothing is watched; ask again' },
  revision: { takes: 'text', refuse: 'what each revision changed stands in the history' },
}

/** `top pods -A`, `top node n1` */
export function parseTop({ parsed, place }: Command, of: 'pods' | 'nodes'): Meaning {
  const [name, ...more] = parsed.args
  if (more.length > 0) throw refused('top takes one name at most')
  const labelSelector = selectorOf('-l', parsed.text('selector'))
  return {
    read: {
      ...place,
      verb: 'top',
      of,
      ...(parsed.isOn('all-namespaces') && { allNamespaces: true }),
      ...(labelSelector && { labelSelector }),
      ...(name !== undefined && { name: nameOf(name) }),
    },
  }
}

/** `explain deployments.spec.template` */
export function parseExplain({ parsed, place }: Command): Meaning {
  const [path, ...more] = parsed.args
  if (path === undefined || more.length > 0)
    throw mistaken('explain takes one kind, or a field such as pods.spec')
  const apiVersion = parsed.text('api-version')
  if (apiVersion !== undefined && !/^([a-z0-9.-]+\/)?v[0-9][a-z0-9]*$/.test(apiVersion)) {
    throw mistaken(`--api-version is v1 or group/version, not ${quoted(apiVersion)}`)
  }
  const [kind = '', ...fields] = path.split('.')
  if (fields.some((field) => !/^[A-Za-z$_][\w$-]{0,100}(\[[^\]]*\])?$/.test(field))) {
    throw mistaken(`${quoted(path)}: write the fields as kind.field.field`)
  }
  const context = place.context === undefined ? {} : { context: place.context }
  return {
    read: {
      ...context,
      verb: 'explain',
      ...kindOf(kind),
      ...(apiVersion !== undefined && { apiVersion }),
      ...(fields.length > 0 && { field: fields.join('.') }),
    },
  }
}

/** `api-resources --api-group=apps --namespaced=true` */
export function parseApiResources({ parsed, place }: Command): Meaning {
  noArgs(parsed.args, 'api-resources')
  const apiGroup = parsed.text('api-group')
  if (apiGroup !== undefined && !/^[a-z0-9./-]{0,253}$/.test(apiGroup))
    throw mistaken(`${quoted(apiGroup)} is no API group`)
  return {
    read: {
      ...(place.context !== undefined && { context: place.context }),
      verb: 'api-resources',
      ...(apiGroup && { apiGroup }),
      ...(parsed.has('namespaced') && { namespaced: parsed.isOn('namespaced') }),
    },
  }
}

export function parseVersion({ parsed, place }: Command): Meaning {
  noArgs(parsed.args, 'version')
  return { read: { ...(place.context !== undefined && { context: place.context }), verb: 'version' } }
}

/** `auth can-i delete pods/web -n shop` */
export function parseCanI({ parsed, place }: Command): Meaning {
  const [action, object, ...more] = parsed.args
  if (action === undefined || object === undefined || more.length > 0) {
    throw mistaken('auth can-i needs a verb and a kind: auth can-i delete pods')
  }
  if (!/^([a-z]{1,40}|\*)$/.test(action)) throw mistaken(`${quoted(action)} is no verb`)
  if (object.startsWith('/')) throw refused('raw paths are not asked about')
  const [kind = '', name, ...deeper] = object.split('/')
  if (deeper.length > 0) throw mistaken(`${quoted(object)}: name the sub-resource with --subresource`)
  const subresource = parsed.text('subresource')
  if (subresource !== undefined && !/^[a-z]{1,40}$/.test(subresource))
    throw mistaken(`${quoted(subresource)} is no sub-resource`)
  return {
    read: {
      ...place,
      verb: 'can-i',
      action,
      ...kindOf(kind),
      ...(name !== undefined && { name: nameOf(name) }),
      ...(subresource !== undefined && { subresource }),
      ...(parsed.isOn('all-namespaces') && { allNamespaces: true }),
    },
  }
}

/** `rollout status deployment/web`, `rollout history deployment web` */
export function parseRolloutRead({ parsed, place }: Command, show: 'status' | 'history'): Meaning {
  const { kind, name } = oneObject(parsed.args, `rollout ${show}`)
  return { read: { ...place, verb: 'rollout', show, ...kind, name } }
}

function noArgs(args: readonly string[], what: string): void {
  if (args[0] !== undefined) throw mistaken(`${quoted(args[0])}: ${what} takes flags only`)
}
