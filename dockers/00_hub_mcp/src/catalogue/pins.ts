import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Prompt, Tool } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { RegistryError } from '../registry/read.ts'
import type { Catalogue } from './catalogue.ts'
import type { NameTable, Refused } from './name-table.ts'

/** What somebody has looked at and found good: a digest per name. */
export type Pins = ReadonlyMap<string, string>

const schema = z.record(z.string().max(256), z.string().regex(/^[0-9a-f]{64}$/))

/** Reads a file that `npm run hub -- pin` wrote. Throws RegistryError where it cannot be used. */
export function readPins(file: string): Pins {
  try {
    return new Map(Object.entries(schema.parse(JSON.parse(readFileSync(file, 'utf8')))))
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'it holds no digests by name'
    throw new RegistryError([`pins.file cannot be used (${reason})`])
  }
}

/** Of everything about it but the name, which is what it is pinned by: a model sees titles and `_meta` as well. */
export function definitionDigest({ name: _by, ...definition }: Tool | Prompt): string {
  return digestOf(definition)
}

/** All that can be pinned: tools by their names, and what cannot be the name of a tool for the rest. */
export function pinsOf(catalogue: Catalogue): Map<string, { server: string; digest: string }> {
  const { tools, prompts, instructions } = catalogue
  return new Map([
    ...tools.all.map(
      ({ canonical, server, item }) => [canonical, { server, digest: definitionDigest(item) }] as const,
    ),
    ...prompts.all.map(
      ({ canonical, server, item }) =>
        [promptKey(canonical), { server, digest: definitionDigest(item) }] as const,
    ),
    ...instructions.map(
      ({ server, text }) => [instructionsKey(server), { server, digest: digestOf(text) }] as const,
    ),
  ])
}

/** What the pins say about a catalogue: what is not pinned, or not so, is told; with `withhold` it is taken out too. */
export function pinned(catalogue: Catalogue, pins: Pins, withhold: boolean): Catalogue {
  const strange = [...pinsOf(catalogue)].flatMap(([name, { server, digest }]): Refused[] => {
    const pin = pins.get(name)
    if (pin === digest) return []
    return [{ server, name, why: pin ? 'has another definition than the pinned one' : 'is not pinned' }]
  })
  const refused = [...catalogue.refused, ...strange]
  if (!withhold) return { ...catalogue, refused }
  const gone = new Set(strange.map(({ name }) => name))
  return {
    ...catalogue,
    refused,
    tools: without(catalogue.tools, (name) => gone.has(name)),
    prompts: without(catalogue.prompts, (name) => gone.has(promptKey(name))),
    instructions: catalogue.instructions.filter(({ server }) => !gone.has(instructionsKey(server))),
  }
}

const promptKey = (canonical: string) => `prompt ${canonical}`
const instructionsKey = (server: string) => `instructions ${server}`

function without<T>(table: NameTable<T>, gone: (canonical: string) => boolean): NameTable<T> {
  return {
    byName: new Map([...table.byName].filter(([, { canonical }]) => !gone(canonical))),
    all: table.all.filter(({ canonical }) => !gone(canonical)),
    refused: table.refused,
  }
}

function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]))
}
