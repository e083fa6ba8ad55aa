import { catalogue, type GatehouseError } from '@gatehouse/errors'

/** How sensitive a reply is, from the least to the most. */
export type Classification = 'public' | 'internal' | 'sensitive-redacted'

export interface Circumstances {
  /** Something was redacted or withheld during the call, or the reply shows a mark that says so. */
  redacted: boolean
  /** A cluster may have been asked. */
  reached: boolean
  /** The error the reply is about; absent where the tool answered. */
  error?: Pick<GatehouseError, 'code' | 'message' | 'hint' | 'data' | 'quotesCluster'> | undefined
}

/**
 * The class of a reply. `public` only where every word is known to be the program's: what was refused before a
 * cluster was asked, and errors that say what the catalogue says. Names that an error has learned (`nearest`,
 * contexts in a hint) look like any other text, so whatever else a tool throws is `internal`.
 */
export function classOf({ redacted, reached, error }: Circumstances): Classification {
  if (redacted) return 'sensitive-redacted'
  if (!error || error.quotesCluster) return 'internal'
  return reached && !saysTheCatalogue(error) ? 'internal' : 'public'
}

function saysTheCatalogue({ code, message, hint, data }: NonNullable<Circumstances['error']>): boolean {
  const known = catalogue[code]
  return message === known.text && hint === known.hint && Object.keys(data).length === 0
}
