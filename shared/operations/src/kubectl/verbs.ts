import { didYouMean, nearest } from '@gatehouse/errors'
import type { Command, Meaning } from './command.ts'
import type { FlagShapes } from './flags.ts'
import { FORBIDDEN } from './forbidden-flags.ts'
import * as about from './reads/parse-about.ts'
import * as get from './reads/parse-get.ts'
import { logsFlags, parseLogs } from './reads/parse-logs.ts'
import { mistaken, quoted, refused } from './refusal.ts'
import { UNSUPPORTED } from './unsupported.ts'
import { contextFlags, useContext } from './writes/context.ts'
import * as create from './writes/create.ts'
import * as deletion from './writes/delete.ts'
import { exec, execFlags } from './writes/exec.ts'
import { expose, exposeFlags } from './writes/expose.ts'
import { manifest, manifestFlags } from './writes/manifest.ts'
import { metadataFlags, setMetadata } from './writes/metadata.ts'
import { patch, patchFlags } from './writes/patch.ts'
import * as rollout from './writes/rollout.ts'
import { scale, scaleFlags } from './writes/scale.ts'
import * as set from './writes/set.ts'

export interface Verb {
  flags: FlagShapes
  meaning: (command: Command) => Meaning
  /** It reads stdin. */
  stdin?: true
  /** Words behind `--` belong to it. */
  behind?: true
}

/** Every command that is carried out, by its words. */
export const VERBS: Record<string, Verb> = {
  get: { flags: get.getFlags, meaning: get.parseGet },
  describe: { flags: get.describeFlags, meaning: get.parseDescribe },
  logs: { flags: logsFlags, meaning: parseLogs },
  'top pods': { flags: about.topFlags, meaning: (command) => about.parseTop(command, 'pods') },
  'top nodes': { flags: about.topFlags, meaning: (command) => about.parseTop(command, 'nodes') },
  explain: { flags: about.explainFlags, meaning: about.parseExplain },
  'api-resources': { flags: about.apiResourcesFlags, meaning: about.parseApiResources },
  version: { flags: about.versionFlags, meaning: about.parseVersion },
  'auth can-i': { flags: about.canIFlags, meaning: about.parseCanI },
  'rollout status': {
    flags: about.rolloutReadFlags,
    meaning: (one) => about.parseRolloutRead(one, 'status'),
  },
  'rollout history': {
    flags: about.rolloutReadFlags,
    meaning: (one) => about.parseRolloutRead(one, 'history'),
  },
  delete: { flags: deletion.deleteFlags, meaning: deletion.remove },
  evict: { flags: deletion.evictFlags, meaning: deletion.evict },
  scale: { flags: scaleFlags, meaning: scale },
  'rollout restart': { flags: rollout.rolloutFlags, meaning: rollout.restart },
  'rollout undo': { flags: rollout.undoFlags, meaning: rollout.undo },
  'rollout pause': { flags: rollout.rolloutFlags, meaning: (command) => rollout.setPaused(command, true) },
  'rollout resume': { flags: rollout.rolloutFlags, meaning: (command) => rollout.setPaused(command, false) },
  'set image': { flags: set.imageFlags, meaning: set.setImage },
  'set env': { flags: set.envFlags, meaning: set.setEnv },
  'set resources': { flags: set.resourceFlags, meaning: set.setResources },
  label: { flags: metadataFlags, meaning: (command) => setMetadata(command, 'labels') },
  annotate: { flags: metadataFlags, meaning: (command) => setMetadata(command, 'annotations') },
  patch: { flags: patchFlags, meaning: patch },
  apply: { flags: manifestFlags, meaning: (command) => manifest(command, 'apply'), stdin: true },
  create: { flags: manifestFlags, meaning: (command) => manifest(command, 'create'), stdin: true },
  'create deployment': { flags: create.deploymentFlags, meaning: create.createDeployment, behind: true },
  'create configmap': { flags: create.configMapFlags, meaning: create.createConfigMap },
  expose: { flags: exposeFlags, meaning: expose },
  exec: { flags: execFlags, meaning: exec, behind: true },
  'config use-context': { flags: contextFlags, meaning: useContext },
}

// Other spellings kubectl takes.
const ALIASES: Record<string, string> = {
  log: 'logs',
  'top pod': 'top pods',
  'top po': 'top pods',
  'top node': 'top nodes',
  'top no': 'top nodes',
  'create deploy': 'create deployment',
  'create cm': 'create configmap',
  'config use': 'config use-context',
}
const FAMILIES = new Set(['top', 'auth', 'rollout', 'set', 'config', 'create'])

/** The verb at the beginning of a command, and the words behind it. Others are refused by name. */
export function verbOf(words: readonly string[]): { name: string; verb: Verb; rest: string[] } {
  const [first, second] = words
  if (first === undefined) throw mistaken('the command is empty')
  if (first.startsWith('-')) return behindItsVerb(words)
  const pair = second !== undefined && !second.startsWith('-') ? `${first} ${second}` : undefined
  for (const [words_, used] of [
    [pair, 2],
    [first, 1],
  ] as const) {
    const name = words_ === undefined ? undefined : (own(ALIASES, words_) ?? words_)
    const verb = name === undefined ? undefined : own(VERBS, name)
    // `create x` is not `create` with an argument.
    if (name && verb && !(used === 1 && pair && FAMILIES.has(first)))
      return { name, verb, rest: words.slice(used) }
  }
  throw unsupported(first, FAMILIES.has(first) ? pair : undefined)
}

// `kubectl -n shop get pods` is how many write it; of all flags only this one may stand there.
function behindItsVerb(words: readonly string[]): ReturnType<typeof verbOf> {
  const [flag = '', ...after] = words
  const alone = flag === '-n' || flag === '--namespace'
  if (!alone && !/^(-n|--namespace=)./.test(flag)) {
    const name = flag.replace(/^--?/, '').replace(/=.*$/, '')
    const reason = Object.entries(FORBIDDEN).find(([long, { short }]) => long === name || short === name)?.[1]
      .reason
    throw reason
      ? refused(`${quoted(flag)}: ${reason}`)
      : mistaken(`${quoted(flag)}: flags stand behind the verb`)
  }
  const moved = alone ? [flag, after.shift() ?? ''] : [flag]
  const { name, verb, rest } = verbOf(after)
  return { name, verb, rest: [...moved, ...rest] }
}

function unsupported(first: string, pair: string | undefined) {
  const asked = pair ?? first
  const hint = own(UNSUPPORTED, asked) ?? own(UNSUPPORTED, first)
  if (hint) return refused(`"${asked}" is not carried out`, hint)
  const near = nearest(asked, [...Object.keys(VERBS), ...Object.keys(ALIASES)])
  return refused(
    `there is no verb ${quoted(asked)}${didYouMean(near)}`,
    `Verbs: ${Object.keys(VERBS).join(', ')}`,
  )
}

function own<Value>(table: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
