import type { Logger } from '@gatehouse/telemetry'

/** Resolves with the signal's name at the first SIGTERM or SIGINT; a second one ends the process at once. */
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
  return promise
}
