import type { Meaning } from './command.ts'
import { parseFlags } from './flags.ts'
import { checkedNamespace, type Place } from './names.ts'
import { mistaken, refused } from './refusal.ts'
import { verbOf } from './verbs.ts'
import { wordsOf } from './words.ts'

export interface KubectlOptions {
  /** Namespace the caller gave beside the text; one in the text must be the same. */
  namespace?: string | undefined
  /** Namespace where neither the text nor the caller names one; omitted: the context's. */
  defaultNamespace?: string | undefined
  /** Context the caller gave beside the text, which cannot name one. */
  context?: string | undefined
  /** Manifest of `apply -f -`. */
  stdin?: string | undefined
  /** The server a `config use-context` is meant for. */
  server?: string | undefined
}

/**
 * What one kubectl command means: a read to be answered, or operations to be planned. No program is started and no
 * shell reads it. `checks` are made by prepareWrites, which needs the cluster.
 * @throws GatehouseError INVALID_INPUT for what is no command, COMMAND_REFUSED for what is not carried out; the
 * message names the word, the hint what to do instead
 */
export function parseKubectl(command: string, options: KubectlOptions = {}): Meaning {
  const words = wordsOf(command)
  const [program] = words
  if (program !== undefined && program !== 'kubectl' && /(^|[/\\])kubectl(\.exe)?$/.test(program)) {
    throw refused('no program is run; begin with "kubectl" or the verb')
  }
  const { name, verb, rest } = verbOf(program === 'kubectl' ? words.slice(1) : words)
  const parsed = parseFlags(name, rest, verb.flags)
  if (parsed.behind !== undefined && !verb.behind) {
    if (parsed.behind.length > 0) throw mistaken(`${name} takes nothing behind --`)
  }
  if (options.stdin !== undefined && options.stdin !== '' && !verb.stdin) {
    throw mistaken(`${name} does not read stdin; only "apply -f -" does`)
  }
  const everywhere = parsed.isOn('all-namespaces')
  const place = placeOf(parsed.text('namespace'), everywhere, 'namespace' in verb.flags, options)
  return verb.meaning({ parsed, place, stdin: options.stdin, server: options.server })
}

function placeOf(
  written: string | undefined,
  everywhere: boolean,
  hasNamespace: boolean,
  { namespace, defaultNamespace, context }: KubectlOptions,
): Place {
  const given = namespace === undefined ? undefined : checkedNamespace(namespace)
  const own = written === undefined ? undefined : checkedNamespace(written)
  if (own !== undefined && given !== undefined && own !== given) {
    throw refused(`-n ${own} contradicts the parameter namespace (${given})`, 'Give one of them')
  }
  if (everywhere && (own !== undefined || given !== undefined)) {
    throw refused('--all-namespaces contradicts the namespace that is named as well')
  }
  const place =
    own ??
    given ??
    (everywhere || defaultNamespace === undefined ? undefined : checkedNamespace(defaultNamespace))
  return {
    ...(hasNamespace && place !== undefined && { namespace: place }),
    ...(context !== undefined && { context }),
  }
}
