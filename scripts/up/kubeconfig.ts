import { mkdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import type { Values } from './env-file.ts'
import { Problem } from './problem.ts'

/** Where the kubeconfig is: its folder is mounted, so that a file that is replaced or appears later is seen. */
export interface Place {
  folder: string
  name: string
  file: string
  stat: Stats | undefined
}

/** KUBECONFIG of the shell, else what .env says, else ~/.kube/config. */
export function locateKubeconfig(
  environment: Record<string, string | undefined>,
  saved: Values,
  home: string,
): Place {
  const given = environment.KUBECONFIG?.split(path.delimiter).filter(Boolean) ?? []
  const present = given.filter((file) => statOf(file) !== undefined)
  if (present.length > 1) {
    throw new Problem(
      'KUBECONFIG names several files and the container is given one. Make one of them:\n' +
        '  (umask 077; kubectl config view --raw --flatten > ~/.kube/gatehouse) && KUBECONFIG=~/.kube/gatehouse npm run up',
    )
  }
  const usual = path.join(home, '.kube')
  const fromShell = present[0] ?? given[0]
  const file = fromShell
    ? path.resolve(fromShell)
    : path.join(
        path.resolve(environment.KUBECONFIG_DIR || saved.KUBECONFIG_DIR || usual),
        environment.KUBECONFIG_NAME || saved.KUBECONFIG_NAME || 'config',
      )
  const folder = path.dirname(file)
  // Docker would make a missing folder as root, and then kubectl could not write to it.
  if (folder === usual) mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!statOf(folder)?.isDirectory())
    throw new Problem(`The folder of the kubeconfig does not exist: ${folder}`)
  return { folder, name: path.basename(file), file, stat: statOf(file) }
}

/** Whether a user can read the file through its mounted folder. */
export function canRead(place: Place, { uid, gid }: { uid: number; gid: number }): boolean {
  const allows = (stat: Stats | undefined, bit: number): boolean => {
    if (!stat) return false
    const shift = stat.uid === uid ? 6 : stat.gid === gid ? 3 : 0
    return ((stat.mode >> shift) & bit) === bit
  }
  return allows(statOf(place.folder), 1) && allows(place.stat, 4)
}

/** A link that leads out of the folder leads nowhere inside the container. */
export function linkTarget({ folder, file, stat }: Place): string | undefined {
  if (!stat) return undefined
  const real = realpathSync(file)
  return path.dirname(real) === realpathSync(folder) ? undefined : real
}

function statOf(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false })
}
