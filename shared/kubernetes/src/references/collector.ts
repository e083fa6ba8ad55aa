import { INJECTED, type Use } from './pod-spec.ts'
import type { Reference } from './reference.ts'

interface Seen {
  row: Reference
  pods: Set<string>
  /** Whether the workload's own template says so, or only pods of it. */
  fromTemplate: boolean
}

/** Gathers references; what a workload and its pods say alike becomes one row. */
export class Collector {
  readonly #rows = new Map<string, Seen>()
  readonly #home: string | undefined
  readonly #templates: ReadonlySet<string>

  /** `home` is the target's namespace; rows elsewhere carry theirs. `templates`: kinds whose templates were all seen. */
  constructor(home: string | undefined, templates: ReadonlySet<string>) {
    this.#home = home
    this.#templates = templates
  }

  add(kind: string, name: string, namespace: string | undefined, use: Use, ofPod?: string): void {
    const key = [namespace, kind, name, use.how].join('|')
    const seen = this.#rows.get(key) ?? {
      row: this.#row(kind, name, namespace, use),
      pods: new Set(),
      fromTemplate: false,
    }
    if (ofPod === undefined) seen.fromTemplate = true
    else seen.pods.add(ofPod)
    this.#rows.set(key, seen)
  }

  /** All rows in a fixed order. */
  rows(): Reference[] {
    return [...this.#rows.values()].map((seen) => finish(seen, this.#templates)).sort(byKindAndName)
  }

  #row(kind: string, name: string, namespace: string | undefined, use: Use): Reference {
    return {
      kind,
      name,
      ...(namespace !== undefined && namespace !== this.#home && { namespace }),
      how: use.how,
      ...(use.containers && { containers: use.containers }),
      ...(use.detail !== undefined && { detail: use.detail }),
    }
  }
}

// Here the pods are the answer, not the template.
const COUNTED = new Set(['runs on it', 'selected', INJECTED])

function finish({ row, pods, fromTemplate }: Seen, templates: ReadonlySet<string>): Reference {
  const all = [...pods].sort()
  if (row.kind === 'Pod') return row
  if (COUNTED.has(row.how)) {
    const detail =
      all.length === 0 ? 'no pods now' : `${all.length} pod${all.length === 1 ? '' : 's'}: ${some(all)}`
    return { ...row, detail }
  }
  if (fromTemplate || all.length === 0) return row
  // A pod that uses what its owner's template no longer mentions runs an older revision: worth saying.
  const older = `${templates.has(row.kind) ? 'only in running pods, not in its present template' : 'by pods'}: ${some(all)}`
  return { ...row, detail: row.detail ? `${row.detail}; ${older}` : older }
}

function some(all: readonly string[]): string {
  return all.length > 3 ? `${all.slice(0, 3).join(', ')}, …` : all.join(', ')
}

function byKindAndName(a: Reference, b: Reference): number {
  const key = (row: Reference) => [row.namespace ?? '', row.kind, row.name, row.how].join('|')
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0
}
