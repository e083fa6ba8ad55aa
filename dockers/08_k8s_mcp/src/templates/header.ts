import { z } from 'zod'
import { GROUPS } from './template.ts'

// Parameters come as query of /templates/<name>, beside this one.
const RESERVED = ['format']

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^\S(.*\S)?$/, 'expected one line without space around it')

const description = line(160)
const characters = z.int().min(1).max(20_000).optional()
const bound = z.int().optional()

const parameter = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['name', 'text']),
    description,
    default: z.string().optional(),
    maximum: characters,
  }),
  z.strictObject({
    type: z.enum(['host', 'image', 'quantity', 'schedule', 'path']),
    description,
    default: z.string().optional(),
  }),
  z.strictObject({
    type: z.enum(['integer', 'port']),
    description,
    default: z.int().optional(),
    minimum: bound,
    maximum: bound,
  }),
  z.strictObject({ type: z.literal('boolean'), description, default: z.boolean().optional() }),
  z.strictObject({
    type: z.literal('choice'),
    description,
    default: z.string().optional(),
    choices: z
      .array(line(80))
      .min(2)
      .refine((choices) => new Set(choices).size === choices.length, 'one of them stands there twice'),
  }),
])

const parameterName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a name is a letter in lower case, then letters and digits')
  .refine((name) => !RESERVED.includes(name), 'this name is taken by the address of a template')

/** The first document of a template. */
export const header = z.strictObject({
  title: line(60),
  summary: line(160),
  group: z.enum(GROUPS),
  notes: z.array(line(300)).max(8).default([]),
  parameters: z
    .record(parameterName, parameter)
    .refine((parameters) => Object.keys(parameters).length > 0, 'at least one is needed'),
})
