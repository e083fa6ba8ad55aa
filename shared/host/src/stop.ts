import type { Logger } from '@gatehouse/telemetry'

const CRASHED = 70

/**
 * Resolves with the signal's name at the first SIGTERM or SIGINT; a second one ends the process at once. From here on
 * what nobody caught ends it too, with a log line instead of Node's own print: that one would pass no sanitizer.
 */
export function stopSignal(log: Logger): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let stopping = false
  const onSignal = (signal: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info('stopping', { signal })
    resolve(signal)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  process.on('uncaughtException', (error) => {
    log.error('crashed', {
      err: error instanceof Error ? (error.stack ?? error.message) : 'not an error object',
    })
    log.flush()
    process.exit(CRASHED)
  })
  return promise
}
