import { readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

/** Resident memory of a process in MB; undefined where /proc does not tell. */
export function residentMegabytes(pid: number | null): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024
}

/** Seconds of processor time a process has used: does not grow while others use the machine. */
export function processorSeconds(pid: number | null): number | undefined {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')
  if (!fields) return undefined
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
