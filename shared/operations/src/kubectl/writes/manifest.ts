import { GatehouseError } from '@gatehouse/errors'
import { type ManifestDocument, parseManifest } from '@gatehouse/kubernetes'
import type { Operation } from '../../operation.ts'
import { type Command, type Meaning, write } from '../command.ts'
import { type FlagShapes, NAMESPACE } from '../flags.ts'
import { checkedNamespace, kindOf, nameOf, type Place } from '../names.ts'
import { mistaken, quoted, refused } from '../refusal.ts'

export const manifestFlags: FlagShapes = {
  ...NAMESPACE,
  filename: { takes: 'text', short: 'f' },
  // What is done anyway.
  'server-side': { takes: 'switch' },
}

/** `apply -f -` and `create -f -`: each document of stdin becomes one operation. */
export function manifest({ parsed, place, stdin }: Command, type: 'apply' | 'create'): Meaning {
  const file = parsed.text('filename')
  if (file === undefined) throw mistaken(`${type} needs -f - and the manifest in stdin`)
  if (/^https?:/i.test(file)) throw refused('URLs are not read; put the manifest into stdin')
  if (file !== '-') throw refused('files are not read; write -f - and put the manifest into stdin')
  if (parsed.args.length > 0)
    throw mistaken(`${quoted(parsed.args[0] ?? '')}: ${type} takes its objects from stdin only`)
  if (stdin === undefined || stdin.trim() === '') throw mistaken('the manifest is missing: put it into stdin')
  return write(documentsOf(stdin).map((document) => operationOf(document, type, place)))
}

function documentsOf(stdin: string): ManifestDocument[] {
  try {
    return parseManifest(stdin)
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error
    // The reader names its own parameter.
    throw new GatehouseError(error.code, error.message.replace(/^yamlContent:/, 'stdin:'), {
      hint: error.hint,
    })
  }
}

function operationOf(document: ManifestDocument, type: 'apply' | 'create', place: Place): Operation {
  const { kind, apiVersion, name, namespace, object } = document
  const where = `document ${document.number}`
  if (kindOf(kind).apiVersion !== undefined || kind.includes('.'))
    throw mistaken(`${where}: ${quoted(kind)} is no kind`)
  if (!/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?v[0-9][a-z0-9]*$/.test(apiVersion)) {
    throw mistaken(`${where}: ${quoted(apiVersion)} is no apiVersion`)
  }
  const own = namespace === undefined ? undefined : checkedNamespace(namespace)
  if (own !== undefined && place.namespace !== undefined && own !== place.namespace) {
    throw refused(`${where} is for namespace ${own}, the command for ${place.namespace}`)
  }
  const target = {
    ...place,
    ...(own !== undefined && { namespace: own }),
    apiVersion,
    kind,
    name: nameOf(name),
  }
  return { type, target, object }
}
