/** One setting: how its text becomes a value and what --help says. */
export interface Setting<T> {
  help: string
  /** Shown in --help; the value itself is `fallback`. */
  shown?: string
  fallback: T
  /** Also readable from the file named by NAME_FILE. */
  secret?: boolean
  /** Throws an Error whose message says what is accepted. */
  parse(text: string): T
}

export function text(help: string, fallback?: string): Setting<string | undefined> {
  return { help, fallback, parse: (value) => value }
}

export function secret(help: string, least = 32): Setting<string | undefined> {
  return {
    help,
    fallback: undefined,
    secret: true,
    parse: (value) => {
      if (value.length < least) throw new Error(`at least ${least} characters`)
      if (!/^[\x21-\x7e]+$/.test(value)) throw new Error('printable ASCII without spaces')
      return value
    },
  }
}

/** A TCP port; 0 lets the system choose. */
export function port(help: string, fallback: number): Setting<number> {
  return {
    help,
    fallback,
    parse: (value) => {
      const number = Number(value)
      if (!/^\d{1,5}$/.test(value) || number > 65_535) throw new Error('a port from 0 to 65535')
      return number
    },
  }
}

export function oneOf<const T extends string>(help: string, values: readonly T[], fallback: T): Setting<T> {
  return {
    help: `${help} (${values.join(', ')})`,
    fallback,
    parse: (value) => {
      const found = values.find((known) => known === value)
      if (found === undefined) throw new Error(`one of ${values.join(', ')}`)
      return found
    },
  }
}

/** Comma-separated names. */
export function names(help: string, fallback: readonly string[]): Setting<readonly string[]> {
  return {
    help,
    fallback,
    shown: fallback.join(','),
    parse: (value) => {
      const list = value.split(',').map((name) => name.trim())
      if (list.some((name) => !/^[A-Za-z0-9._-]+$/.test(name))) throw new Error('names separated by commas')
      return list
    },
  }
}

/** An http or https address, kept without a trailing slash. */
export function url(help: string, fallback?: string): Setting<string | undefined> {
  return {
    help,
    fallback,
    parse: (value) => {
      const parsed = URL.canParse(value) ? new URL(value) : undefined
      if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new Error('an http or https URL')
      if (parsed.username || parsed.password) throw new Error('a URL without credentials')
      return value.replace(/\/+$/, '')
    },
  }
}

/** A time span such as 90s, 60m or 24h, in milliseconds. */
export function duration(help: string, fallback: string): Setting<number> {
  return { help, fallback: milliseconds(fallback), shown: fallback, parse: milliseconds }
}

/** true or false. */
export function flag(help: string, fallback: boolean): Setting<boolean> {
  return {
    help,
    fallback,
    parse: (value) => {
      if (value !== 'true' && value !== 'false') throw new Error('true or false')
      return value === 'true'
    },
  }
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const

function milliseconds(text: string): number {
  const [, number, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? []
  if (!number || Number(number) === 0) throw new Error('a time span such as 90s, 60m or 24h')
  return Number(number) * UNITS[unit as keyof typeof UNITS]
}
