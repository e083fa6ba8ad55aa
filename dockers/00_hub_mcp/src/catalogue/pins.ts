import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Tool } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { RegistryError } from '../registry/read.ts'
import type { NameTable, Refused } from './name-table.ts'

/** What somebody has looked at and found good: a digest per canonical name. */
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

/** Of everything a model or a client acts on: the description says what a tool is for, the schema what it takes. */
export function definitionDigest({ description, inputSchema, outputSchema, annotations }: Tool): string {
  const definition = JSON.stringify(sorted({ description, inputSchema, outputSchema, annotations }))
  return createHash('sha256').update(definition).digest('hex')
}

/** Tools whose definition is not the pinned one, and why. A tool that nobody pinned is one of them. */
export function unpinned(tools: NameTable<Tool>, pins: Pins): Refused[] {
  return tools.all.flatMap(({ canonical, server, item }) => {
    const pin = pins.get(canonical)
    if (pin === definitionDigest(item)) return []
    const why = pin === undefined ? 'is not pinned' : 'has another definition than the pinned one'
    return [{ server, name: canonical, why }]
  })
}

/** The table without some names. */
export function without<T>(table: NameTable<T>, names: readonly Refused[]): NameTable<T> {
  const gone = new Set(names.map(({ name }) => name))
  return {
    byName: new Map([...table.byName].filter(([, { canonical }]) => !gone.has(canonical))),
    all: table.all.filter(({ canonical }) => !gone.has(canonical)),
    refused: [...table.refused, ...names],
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]))
}
