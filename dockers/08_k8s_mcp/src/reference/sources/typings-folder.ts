import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * The generated part of the Kubernetes client. Found through its package.json, which Node looks up on the disk and not
 * through `exports`: a later version of the package that exports its main file only does not hide the typings.
 */
export function typingsFolder(): string {
  const manifest = findPackageJSON('@kubernetes/client-node', import.meta.url)
  if (!manifest) throw new Error('@kubernetes/client-node is not installed')
  return join(dirname(manifest), 'dist', 'gen')
}
