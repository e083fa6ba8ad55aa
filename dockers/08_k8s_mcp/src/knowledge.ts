import type { Clusters } from '@gatehouse/kubernetes'
import type { Sanitizer } from '@gatehouse/sanitizer'
import type { AnyTool } from '@gatehouse/tools'
import type { References } from './reference/references.ts'
import type { Search } from './search/search.ts'

/** What this server can say without asking a cluster for objects; one for pages, tools and resources. */
export interface Knowledge {
  references: References
  search: Search
}

export interface KnowledgeOptions {
  clusters: Clusters
  sanitizer: Sanitizer
  tools: readonly AnyTool[]
  /** K8S_API_VERSION. */
  version: string | undefined
}

/** Loaded when somebody asks: most conversations never do, and a start need not pay for it. */
export function createKnowledge({ version, ...options }: KnowledgeOptions): () => Promise<Knowledge> {
  let loading: Promise<Knowledge> | undefined
  return () => {
    loading ??= load()
    return loading
  }
  async function load(): Promise<Knowledge> {
    const [{ createReferences }, { createSearch }] = await Promise.all([
      import('./reference/references.ts'),
      import('./search/search.ts'),
    ])
    const references = createReferences({ clusters: options.clusters, version })
    return { references, search: createSearch({ ...options, references }) }
  }
}
