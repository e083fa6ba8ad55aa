import { isTree, type Tree, treesAt } from './tree.ts'

/** A pod spec somewhere in an object, custom resources included. */
export interface FoundPodSpec {
  path: string
  spec: Tree
  /** Labels of the template it stands in. */
  labels: Tree
}

/** A container of a pod spec, named so that it is found again in another version of the object. */
export interface FoundContainer {
  id: string
  container: Tree
}

const DEEPEST = 100
const LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const

/** Every pod spec in an object: whatever has a list of containers, at any depth and under any name. */
export function podSpecsIn(object: unknown): FoundPodSpec[] {
  const found: FoundPodSpec[] = []
  const visit = (value: unknown, path: string, parent: unknown, depth: number): void => {
    if (depth > DEEPEST) throw new RangeError('nested too deeply')
    if (Array.isArray(value)) {
      for (const [index, one] of value.entries()) visit(one, `${path}[${index}]`, value, depth + 1)
    } else if (isTree(value)) {
      if (isPodSpec(value, path)) found.push({ path, spec: value, labels: labelsOf(parent) })
      for (const [key, one] of Object.entries(value)) {
        // Only where the API server keeps them: below, they are names like any other.
        if ((path === '' && key === 'status') || (path === 'metadata' && key === 'managedFields')) continue
        visit(one, path === '' ? key : `${path}.${key}`, value, depth + 1)
      }
    }
  }
  visit(object, '', undefined, 0)
  return found
}

/** The containers of a pod spec, of every sort. */
export function containersOf({ path, spec }: FoundPodSpec): FoundContainer[] {
  return LISTS.flatMap((list) =>
    treesAt(spec, list).map((container, index) => ({
      id: `${path === '' ? '' : `${path}.`}${list}[${typeof container.name === 'string' ? container.name : index}]`,
      container,
    })),
  )
}

// A template may also do without containers of its own and only add to others.
function isPodSpec(value: Tree, path: string): boolean {
  return LISTS.some((list) => treesAt(value, list).length > 0) || /(^|\.)template\.spec$/.test(path)
}

function labelsOf(parent: unknown): Tree {
  if (!isTree(parent) || !isTree(parent.metadata) || !isTree(parent.metadata.labels)) return {}
  return parent.metadata.labels
}
