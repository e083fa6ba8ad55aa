import { isDeepStrictEqual } from 'node:util'
import type { Operation, OperationTarget } from '../operation.ts'
import { type KubectlOptions, parseKubectl } from './parse.ts'
import { candidatesFor } from './render-patch.ts'
import { quoteWord } from './words.ts'

type Words = (string | undefined)[]

/**
 * An operation as the kubectl command that means it, for reading. parseKubectl makes the same operation of it again,
 * given its context, server and, for `-f -`, stdinOf; where a text cannot be written as a word, it says so instead.
 */
export function renderKubectl(operation: Operation): string {
  if (operation.type === 'patch') {
    // The first friendlier spelling that means exactly this patch; else the patch as it is.
    for (const candidate of candidatesFor(
      operation,
      objectWords(operation.target),
      placeWords(operation.target),
    )) {
      const text = line(candidate)
      if (text !== undefined && means(text, operation)) return text
    }
  }
  return line(wordsFor(operation)) ?? `# ${operation.type}: it holds characters that no command can carry`
}

/** The manifest that belongs to a command with `-f -`. */
export function stdinOf(operation: Operation): string | undefined {
  const hasManifest = operation.type === 'create' || operation.type === 'apply'
  return hasManifest ? JSON.stringify(operation.object, null, 2) : undefined
}

/** What parseKubectl needs beside the text of renderKubectl to make the same operation of it. */
export function optionsOf(operation: Operation): KubectlOptions {
  if (operation.type === 'switchContext') return { server: operation.server }
  return { context: operation.target.context, stdin: stdinOf(operation) }
}

type ObjectOperation = Exclude<Operation, { type: 'switchContext' }>

function wordsFor(operation: Operation): Words {
  if (operation.type === 'switchContext') return ['config', 'use-context', operation.context]
  return wordsForObject(operation, objectWords(operation.target), placeWords(operation.target))
}

function wordsForObject(operation: ObjectOperation, object: Words, place: Words): Words {
  switch (operation.type) {
    case 'create':
    case 'apply':
      return [operation.type, '-f', '-', ...place]
    case 'patch':
      return [
        'patch',
        ...object,
        `--type=${operation.patchType}`,
        '-p',
        JSON.stringify(operation.patch),
        ...place,
      ]
    case 'scale':
      return ['scale', ...object, `--replicas=${operation.replicas}`, ...place]
    case 'restart':
      return ['rollout', 'restart', ...object, ...place]
    case 'rollback':
      return ['rollout', 'undo', ...object, ...optional('to-revision', operation.revision), ...place]
    case 'delete':
      return [
        'delete',
        ...object,
        ...optional('grace-period', operation.gracePeriodSeconds),
        ...optional('cascade', operation.propagation?.toLowerCase()),
        ...place,
      ]
    case 'evict':
      return ['evict', ...object, ...optional('grace-period', operation.gracePeriodSeconds), ...place]
    case 'exec':
      return [
        'exec',
        operation.target.name,
        ...optional('container', operation.container),
        ...place,
        '--',
        ...operation.command,
      ]
  }
}

function optional(flag: string, value: string | number | undefined): Words {
  return value === undefined ? [] : [`--${flag}=${value}`]
}

function objectWords({ kind, apiVersion, name }: OperationTarget): Words {
  if (apiVersion === undefined) return [kind, name]
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  return [`${kind}.${version}.${group}`, name]
}

function placeWords({ namespace }: OperationTarget): Words {
  return namespace === undefined ? [] : ['-n', namespace]
}

function line(words: Words): string | undefined {
  const quoted = words.map((word) => quoteWord(word ?? ''))
  return quoted.includes(undefined) ? undefined : ['kubectl', ...quoted].join(' ')
}

function means(text: string, operation: Operation): boolean {
  try {
    const parsed = parseKubectl(text, optionsOf(operation))
    return 'write' in parsed && isDeepStrictEqual(parsed.write, [operation])
  } catch {
    return false
  }
}
