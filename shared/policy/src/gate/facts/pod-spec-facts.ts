import type { PodSpecFacts } from '../../facts.ts'
import { concernsOf } from './concerns.ts'
import { containersOf, podSpecsIn } from './pod-specs.ts'
import { privilegesOf } from './privileges.ts'
import { secretRefsOf } from './secret-refs.ts'
import { isSame, type Tree, textAt, treeAt } from './tree.ts'

/**
 * What the pod specs of an object gain by a change, judged on whole objects: the one that is stored (undefined where
 * there is none) and the one the API server would store. Null where neither has a pod spec. Throws RangeError for
 * objects nested deeper than any API allows.
 */
export function podSpecFacts(before: unknown, after: unknown): PodSpecFacts | null {
  const old = podSpecsIn(before)
  const now = podSpecsIn(after)
  if (old.length === 0 && now.length === 0) return null
  const privileges = { old: new Set(old.flatMap(privilegesOf)), now: [...new Set(now.flatMap(privilegesOf))] }
  const refs = new Set(old.flatMap(({ spec }) => secretRefsOf(spec)))
  const concerns = new Set(old.flatMap(concernsOf))
  const containers = new Map(old.flatMap(containersOf).map(({ id, container }) => [id, container]))
  const current = now.flatMap(containersOf)
  return {
    newPrivileges: privileges.now.filter((one) => !privileges.old.has(one)),
    keptPrivileges: privileges.now.filter((one) => privileges.old.has(one)),
    newSecretRefs: [...new Set(now.flatMap(({ spec }) => secretRefsOf(spec)))].filter(
      (name) => !refs.has(name),
    ),
    serviceAccounts: accountChanges(old, now),
    images: current.flatMap(({ id, container }) => imageChange(id, containers.get(id), container)),
    newContainers: current.filter(({ id }) => !containers.has(id)).map(({ id }) => id),
    changedCommands: current
      .filter(({ id, container }) => {
        const was = containers.get(id)
        return was !== undefined && !isSame(programOf(was), programOf(container))
      })
      .map(({ id }) => id),
    concerns: [...new Set(now.flatMap(concernsOf))].filter((one) => !concerns.has(one)),
  }
}

type Specs = ReturnType<typeof podSpecsIn>

function accountChanges(old: Specs, now: Specs): PodSpecFacts['serviceAccounts'] {
  const was = new Map(old.map(({ path, spec }) => [path, accountOf(spec)]))
  return now.flatMap(({ path, spec }) => {
    const before = was.get(path)
    const after = accountOf(spec)
    return after === (before ?? 'default') ? [] : [{ before: before ?? null, after }]
  })
}

// The older spelling is still read by the API server.
function accountOf(spec: Tree): string {
  return textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount') ?? 'default'
}

function imageChange(id: string, was: Tree | undefined, container: Tree): PodSpecFacts['images'] {
  const before = was ? (textAt(was, 'image') ?? null) : null
  const after = textAt(container, 'image') ?? ''
  return before === after ? [] : [{ container: id, before, after }]
}

const HOOKS = ['livenessProbe', 'readinessProbe', 'startupProbe']

// Everything of a container that names a program: command, arguments, exec of probes and hooks.
function programOf(container: Tree): unknown {
  const lifecycle = treeAt(container, 'lifecycle')
  return {
    command: container.command,
    args: container.args,
    probes: HOOKS.map((probe) => treeAt(treeAt(container, probe), 'exec').command),
    hooks: ['postStart', 'preStop'].map((hook) => treeAt(treeAt(lifecycle, hook), 'exec').command),
  }
}
