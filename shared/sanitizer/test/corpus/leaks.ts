import { normalise } from '../../src/normalise.ts'

const WINDOW = 8

/** The windows of eight characters of all secrets. */
export function windowsOf(secrets: readonly string[]): Set<string> {
  const windows = new Set<string>()
  for (const secret of secrets) {
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)])) {
      for (let i = 0; i + WINDOW <= form.length; i++) windows.add(form.slice(i, i + WINDOW))
    }
  }
  return windows
}

/** The first window of a secret that an output still shows, as it stands or as a reader would decode it. */
export function leakIn(output: string, windows: ReadonlySet<string>): string | undefined {
  for (const reading of readingsOf(output)) {
    for (let i = 0; i + WINDOW <= reading.length; i++) {
      const seen = reading.slice(i, i + WINDOW)
      if (windows.has(seen)) return seen
    }
  }
  return undefined
}

/** As it stands, without what nobody sees, and with up to three levels of escapes undone. */
function readingsOf(output: string): Set<string> {
  const readings = new Set([output, normalise(output)])
  for (const decode of [unescaped, percentDecoded]) {
    let reading = output
    for (let level = 0; level < 3 && decode(reading) !== reading; level++) {
      reading = decode(reading)
      readings.add(normalise(reading))
    }
  }
  return readings
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(?:u([0-9a-f]{4})|(["\\/]))/gi, (_all, hex: string | undefined, sign: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : sign,
  )
}

function percentDecoded(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/%([0-9A-F]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}
