import type { Caller } from '../callers/callers.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { type Scope, type View, viewOf } from '../catalogue/view.ts'

const MOST = 500

/** Views that were asked for, of the catalogue as it is now. */
export class Views {
  #catalogue: Catalogue | undefined
  #known = new Map<string, View>()

  of(catalogue: Catalogue, scope: Scope, caller: Caller): View {
    if (catalogue !== this.#catalogue || this.#known.size > MOST) this.#known = new Map()
    this.#catalogue = catalogue
    const key = `${scope.prefix} ${scope.readonly} ${scope.names} ${caller.prefixes.join()} ${caller.readonly}`
    const view = this.#known.get(key) ?? viewOf(catalogue, scope, caller)
    this.#known.set(key, view)
    return view
  }
}
