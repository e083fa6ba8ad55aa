import { newestFirst } from '../../dockers/08_k8s_mcp/src/reference/sources/prepared-version.ts'

/** Names those of the same minor version that there are, or else the newest. */
export function noSuchVersion(asked: string, known: string[]): Error {
  if (known.length === 0) return new Error(`No module proxy has Kubernetes ${asked}`)
  const minor = /^v?(\d+\.\d+)/.exec(asked)?.[1]
  const sameMinor = newestFirst(known).filter((version) => version.startsWith(`${minor}.`))
  const near = (sameMinor.length > 0 ? sameMinor : newestFirst(known)).slice(0, 5)
  return new Error(`There is no Kubernetes ${asked}; there are ${near.join(', ')}`)
}
