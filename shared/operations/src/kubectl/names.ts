import { isName, isNamespace } from '@gatehouse/kubernetes'
import type { OperationTarget } from '../operation.ts'
import { mistaken, quoted, refused } from './refusal.ts'

/** A kind as it is written: `deploy`, `deployments.apps`, `deployments.v1.apps`, `Pod.v1.`. */
export interface KindWord {
  kind: string
  apiVersion?: string
}

const KIND = /^[A-Za-z][A-Za-z0-9-]{0,62}(\.[a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/
const VERSIONED =
  /^([A-Za-z][A-Za-z0-9-]{0,62})\.(v[1-9][0-9]*(?:(?:alpha|beta)[1-9][0-9]*)?)\.([a-z0-9.-]*)$/
const MOST_NAMES = 20

/** Reads the word for a kind. Lists, `all`, wildcards and look-alikes are refused. */
export function kindOf(word: string): KindWord {
  if (word === '') throw mistaken('the kind is missing')
  if (/[^\x21-\x7e]/.test(word)) throw refused(`${quoted(word)}: kinds are written in plain ASCII letters`)
  if (word.includes(',')) throw refused(`${quoted(word)}: one kind per command`)
  if (word.toLowerCase() === 'all') throw refused('"all" is no kind; ask for one kind at a time')
  const versioned = VERSIONED.exec(word)
  if (versioned) {
    const [, kind = '', version = '', group = ''] = versioned
    if (group !== '' && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(group)) throw notAKind(word)
    return { kind, apiVersion: group === '' ? version : `${group}/${version}` }
  }
  if (!KIND.test(word)) throw notAKind(word)
  return { kind: word }
}

function notAKind(word: string) {
  return mistaken(`${quoted(word)} is no kind`, 'Write it as Pod, deployments, deploy or deployments.apps')
}

/** Reads the name of one object. */
export function nameOf(word: string): string {
  if (word === '') throw mistaken('the name is missing')
  if (/[^\x21-\x7e]/.test(word)) throw refused(`${quoted(word)}: names are written in plain ASCII letters`)
  if (/^https?:/i.test(word)) throw refused('URLs are not read')
  if (word.includes(',')) throw refused(`${quoted(word)}: names are separated by spaces`)
  if (word.includes('*')) throw refused(`${quoted(word)}: there are no wildcards; name each object`)
  if (!isName(word)) throw mistaken(`${quoted(word)} cannot be the name of an object`)
  return word
}

/** `pod a b`, `pod/a`, `pod/a deploy/b`: the objects a command names, each once. */
export function objectsOf(args: readonly string[], what: string): { kind: KindWord; name: string }[] {
  const [first, ...rest] = args
  if (first === undefined) throw mistaken(`${what} needs a kind and a name`)
  const pairs = first.includes('/') ? args.map(pairOf) : namesOf(kindOf(first), rest, what)
  if (pairs.length > MOST_NAMES) throw refused(`more than ${MOST_NAMES} objects in one command`)
  const seen = new Set<string>()
  for (const { kind, name } of pairs) {
    const key = `${kind.kind.toLowerCase()} ${kind.apiVersion ?? ''} ${name}`
    if (seen.has(key)) throw refused(`${quoted(name)} is named twice`)
    seen.add(key)
  }
  return pairs
}

function pairOf(word: string): { kind: KindWord; name: string } {
  const [kind = '', name, ...more] = word.split('/')
  if (name === undefined)
    throw mistaken(`${quoted(word)}: every object is written as kind/name, as the first is`)
  if (more.length > 0) throw refused(`${quoted(word)}: sub-resources are not addressed`)
  return { kind: kindOf(kind), name: nameOf(name) }
}

function namesOf(kind: KindWord, names: readonly string[], what: string) {
  if (names.length === 0) {
    throw refused(`${what} needs the name of an object; nothing is done to all ${kind.kind} at once`)
  }
  const mixed = names.find((name) => name.includes('/'))
  if (mixed) throw mistaken(`${quoted(mixed)}: the kind was already given; write either form, not both`)
  return names.map((name) => ({ kind, name: nameOf(name) }))
}

/** The only object a command is about. */
export function oneObject(args: readonly string[], what: string): { kind: KindWord; name: string } {
  const [object, ...more] = objectsOf(args, what)
  if (!object || more.length > 0) throw refused(`${what} takes one object at a time`)
  return object
}

export function checkedNamespace(word: string): string {
  if (/[^\x21-\x7e]/.test(word))
    throw refused(`${quoted(word)}: namespaces are written in plain ASCII letters`)
  if (isNamespace(word)) return word
  throw mistaken(`${quoted(word)} cannot be the name of a namespace`)
}

/** Where a command goes: its namespace and context, as far as it says. */
export interface Place {
  namespace?: string
  context?: string
}

export function targetAt({ kind, name }: { kind: KindWord; name: string }, place: Place): OperationTarget {
  return { ...place, ...kind, name }
}
