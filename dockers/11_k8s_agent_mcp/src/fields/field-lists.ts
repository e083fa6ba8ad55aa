import { SettingError } from '@gatehouse/host'
import type { Resource } from '@gatehouse/kubernetes/single'
import { load } from 'js-yaml'
import { z } from 'zod'
import { addPath, type FieldTree, parseFieldPath } from './field-path.ts'
import { type Selected, selectFields } from './select-fields.ts'

/** Which fields of which kinds may be shown. */
export interface FieldLists {
  apply(resource: Pick<Resource, 'kind' | 'group'>, object: object): Selected
}

const MOST_BYTES = 256 * 1024
const MOST_HIDDEN = 25

const path = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => parseFieldPath(text) !== undefined, 'no field path, such as spec.containers[].image')
const entry = z.union([path, z.strictObject({ at: path, shape: z.string() })], {
  error: 'no field path, such as spec.containers[].image, and no { at: path, shape: name }',
})
const kindName = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9]*(\.[a-z0-9][a-z0-9.-]*)?$/, 'write Kind or Kind.group, such as Deployment.apps')
  .refine((name) => !/^(Secret|ConfigMap)(List)?$/.test(name), 'Secrets and ConfigMaps are never shown')
const file = z.strictObject({
  always: z.array(path),
  unknown: z.array(path),
  shapes: z.record(z.string(), z.array(path)).optional(),
  kinds: z.record(kindName, z.array(entry)),
})
type Lists = z.infer<typeof file>

/**
 * Reads the allow-lists from YAML. Whatever is wrong with it stops the start: a list that cannot be read allows nothing.
 * @throws SettingError naming the setting, the place in the file and the reason
 */
export function parseFieldLists(text: string, setting: string): FieldLists {
  const wrong = (reason: string, cause?: unknown) =>
    new SettingError(oneLine(`${setting}: ${reason}`), { cause })
  if (text.length > MOST_BYTES) throw wrong('the file is larger than 256 kB')
  let data: unknown
  try {
    data = load(text, { maxAliases: 100, maxDepth: 20 })
  } catch (cause) {
    throw wrong(`the file is not YAML (${(cause as Error).message.split('\n', 1)[0]})`, cause)
  }
  const parsed = file.safeParse(data)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const said = issue?.code === 'invalid_key' ? issue.issues[0] : issue
    throw wrong(`${issue?.path.join('.') || 'the file'}: ${said?.message}`, parsed.error)
  }
  return compile(parsed.data, wrong)
}

// What stands in the file may be quoted, and must not begin a line of its own.
function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\s]+/gu, ' ').slice(0, 300)
}

function compile(lists: Lists, wrong: (reason: string) => Error): FieldLists {
  const tree = (kind: string, entries: Lists['kinds'][string]): FieldTree => {
    const made: FieldTree = new Map()
    const add = (text: string) => addPath(made, parseFieldPath(text) ?? [])
    for (const text of lists.always) add(text)
    for (const one of entries) {
      if (typeof one === 'string') add(one)
      else {
        const shape = Object.hasOwn(lists.shapes ?? {}, one.shape) ? lists.shapes?.[one.shape] : undefined
        if (!shape) throw wrong(`kinds.${kind}: there is no shape "${one.shape}"`)
        for (const text of shape) add(`${one.at}.${text}`)
      }
    }
    return made
  }
  const kinds = new Map(Object.entries(lists.kinds).map(([kind, entries]) => [kind, tree(kind, entries)]))
  const unknown = tree('unknown', lists.unknown)
  return {
    apply: ({ kind, group }, object) => {
      const known = kinds.get(group === '' ? kind : `${kind}.${group}`)
      const { shown, hidden } = selectFields(object as Record<string, unknown>, known ?? unknown)
      const more = hidden.length - MOST_HIDDEN
      return { shown, hidden: more > 0 ? [...hidden.slice(0, MOST_HIDDEN), `and ${more} more`] : hidden }
    },
  }
}
