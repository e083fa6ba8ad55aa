import { isSame, isTree } from './tree.ts'

const MOST_PATHS = 500
// What the server keeps for itself: it differs after every write.
const NOISE =
  /^(status|metadata\.(managedFields|resourceVersion|generation|uid|creationTimestamp|selfLink))(?![A-Za-z])/

/** Fields that differ, as `spec.containers[0].image` or `metadata.labels["a.b/c"]`; the longest list ends with `…`. */
export function changedPaths(before: unknown, after: unknown): string[] {
  const paths: string[] = []
  const visit = (a: unknown, b: unknown, path: string): void => {
    if (paths.length > MOST_PATHS || NOISE.test(path) || isSame(a, b)) return
    const members = membersOf(a, b)
    if (members === undefined) {
      paths.push(path.slice(0, 4_000) || 'the object')
      return
    }
    for (const [step, one, other] of members)
      visit(one, other, path === '' ? step.replace(/^\./, '') : path + step)
  }
  visit(before, after, '')
  return paths.length > MOST_PATHS ? [...paths.slice(0, MOST_PATHS), '…'] : paths
}

// A side that is missing is walked like an empty one, so that a new object lists all its fields.
function membersOf(a: unknown, b: unknown): [string, unknown, unknown][] | undefined {
  const shape = a ?? b
  if (isTree(shape) && (isTree(a) || a === undefined) && (isTree(b) || b === undefined)) {
    const keys = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])]
    return keys.length === 0 ? undefined : keys.map((key) => [stepOf(key), own(a, key), own(b, key)])
  }
  const first = Array.isArray(a) || a === undefined ? (a ?? []) : undefined
  const second = Array.isArray(b) || b === undefined ? (b ?? []) : undefined
  if (!Array.isArray(shape) || !first || !second) return undefined
  const length = Math.max(first.length, second.length)
  return Array.from({ length }, (_, index) => [`[${index}]`, first[index], second[index]])
}

function own(value: unknown, key: string): unknown {
  return isTree(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function stepOf(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
