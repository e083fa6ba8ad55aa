import { Transform } from 'node:stream'

export type Log = (line: string) => void

const EVERY = 2_000

/** Passes bytes on and says every two seconds how many there were. */
export function countBytes(what: string, size: number, log: Log): Transform {
  let bytes = 0
  let said = Date.now()
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (Date.now() - said >= EVERY) {
        said = Date.now()
        log(`… ${what}: ${megabytes(bytes)}${size ? ` of ${megabytes(size)}` : ''}`)
      }
      done(null, chunk)
    },
  })
}

export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`
