import { z } from 'zod'

const UNITS = { ms: 1, s: 1_000, m: 60_000 } as const

const span = z
  .string()
  .regex(/^\d{1,6}(ms|s|m)$/, 'expected a time span such as 500ms, 30s or 2m')
  .transform((text) => {
    const [, number, unit] = /^(\d+)(ms|s|m)$/.exec(text) ?? []
    return Number(number) * UNITS[unit as keyof typeof UNITS]
  })
  // A timer of Node ends at once where it is given more than 25 days.
  .refine((ms) => ms <= 24 * 60 * UNITS.m, 'expected at most 1440m')

// Lower-case first letter per segment, as tools are named; `*` takes what no other server claims.
const prefix = z
  .string()
  .regex(
    /^(\*|[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*)$/,
    'expected a prefix such as infra.k8s, or * for whatever nobody else claims',
  )

const prefixes = z.array(prefix).min(1)
const file = z.string().min(1)

const url = z.string().refine(isAddress, 'expected an http or https URL without credentials')

const server = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'expected letters, digits, _ and -'),
    url,
    prefixes: prefixes.optional(),
    add: prefix.optional(),
    enabled: z.boolean().default(true),
    timeout: span.default(35_000),
    inFlight: z.int().min(1).max(1_000).default(64),
    queue: z.int().min(0).max(1_000).default(64),
    queueWait: span.default(1_000),
    maxReplyBytes: z.int().min(1_024).max(64_000_000).default(8_000_000),
    grace: span.default(60_000),
    // Whoever gets them can use them at the hub, so nobody does unasked.
    credentials: z.literal('suite', 'expected suite, or tokenFile and keyFile').optional(),
    tokenFile: file.optional(),
    keyFile: file.optional(),
    tools: z.record(z.string(), z.strictObject({ timeout: span })).default({}),
  })
  .refine((one) => one.prefixes !== undefined || one.add !== undefined, {
    path: ['prefixes'],
    message: 'expected, unless there is add',
  })

export const CALLER_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/

const caller = z.strictObject({
  name: z
    .string()
    .regex(CALLER_NAME, 'expected lower-case letters, digits, ., _ and -')
    .refine(
      (name) => !/^(mcp-token|loopback|hub|unknown)$/.test(name),
      'expected a name that has no meaning of its own',
    ),
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of the token, 64 hex digits'),
  prefixes: prefixes.default(['*']),
  readonly: z.boolean().default(false),
  perSecond: z.number().min(0.1).max(100_000).optional(),
  burst: z.int().min(1).max(100_000).optional(),
})

/** The whole of hub.yaml. Unknown fields are errors: a misspelt limit must not be no limit. */
export const registrySchema = z.strictObject({
  version: z.literal(1, 'expected 1'),
  servers: z.array(server).min(1),
  callers: z.array(caller).default([]),
  limits: z
    .strictObject({
      perSecond: z.number().min(0.1).max(100_000).default(500),
      burst: z.int().min(1).max(100_000).default(1_000),
    })
    .default({ perSecond: 500, burst: 1_000 }),
  pins: z.strictObject({ file, onChange: z.enum(['warn', 'withhold']).default('warn') }).optional(),
})

export type Registry = z.output<typeof registrySchema>
export type ServerEntry = Registry['servers'][number]
export type CallerEntry = Registry['callers'][number]

/** What a server claims; with `add` alone that is what is put in front of its names. */
export function claimsOf({ prefixes: given, add }: ServerEntry): string[] {
  return given ?? (add === undefined ? [] : [add])
}

function isAddress(text: string): boolean {
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  return parsed !== undefined && /^https?:$/.test(parsed.protocol) && !parsed.username && !parsed.password
}
