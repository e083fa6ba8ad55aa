import { execFileSync } from 'node:child_process'

/** Every process that names the folder of the cluster among its arguments, except one that is only a zombie. */
export function programsOf(dir: string): string[] {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'stat=,args='], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  }).split('\n')
  return all.filter((line) => line.includes(dir) && !line.startsWith('Z'))
}
