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
