import type { Sanitised } from '@gatehouse/sanitizer'
import { pino } from 'pino'
import { currentCorrelation } from './correlation.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** A line's own fields. Values must be numbers, names or codes; never what a caller or a cluster sent. */
export type LogFields = Record<string, string | number | boolean | null | undefined>

export interface Logger {
  debug(msg: string, fields?: LogFields): void
  info(msg: string, fields?: LogFields): void
  warn(msg: string, fields?: LogFields): void
  error(msg: string, fields?: LogFields): void
  /** Writes what still waits. Programs call it on `exit`. */
  flush(): void
}

export interface LogOptions {
  service: string
  version: string
  level?: LogLevel | 'silent'
  /** 1 for HTTP servers (Docker reads stdout), 2 for stdio servers (stdout belongs to MCP). */
  fd?: 1 | 2
  /** Every string passes through this on its way out; the sanitizer's `text`. */
  sanitise: (text: string) => Sanitised<string>
}

/**
 * JSON lines with `time, level, service, version, msg` and the ids of the running call.
 * Strings pass the sanitizer, so an error message that carries a secret does not reach the log.
 */
export function createLogger(options: LogOptions): Logger {
  const destination = pino.destination({ dest: options.fd ?? 1, sync: false })
  // Written in the background, many lines at once under load; programs call flush when they end, however they end.
  const log = pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service, version: options.version },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => correlationFields(),
    },
    destination,
  )
  const write =
    (level: LogLevel) =>
    (msg: string, fields: LogFields = {}) =>
      log[level](clean(fields, options.sanitise), options.sanitise(msg))
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    flush: () => destination.flushSync(),
  }
}

/** A logger that writes nothing, for tests and programs without a log. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  flush: () => {},
}

function correlationFields(): LogFields {
  const current = currentCorrelation()
  if (!current) return {}
  return { correlation_id: current.correlationId, trace_id: current.traceId, span_id: current.spanId }
}

type Clean = Record<string, Sanitised<string> | number | boolean | null>

function clean(fields: LogFields, sanitise: LogOptions['sanitise']): Clean {
  const result: Clean = {}
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) result[key] = typeof value === 'string' ? sanitise(value) : value
  }
  return result
}
