import { didYouMean, GatehouseError, nearest } from '@gatehouse/errors'

// A cluster may publish any number.
const MOST_COMPARED = 2_000
const MOST_NAMED = 200

/** For a group version that a source does not have; says which it has. */
export function unknownGroupVersion(
  asked: string,
  known: readonly string[],
  version: string,
): GatehouseError {
  const near = nearest(asked, known.slice(0, MOST_COMPARED))
  return new GatehouseError(
    'NOT_FOUND',
    `Kubernetes ${version} has no documentation of ${quoted(asked)}${didYouMean(near)}`,
    {
      hint: `Documented are ${known.slice(0, MOST_NAMED).join(', ')}${known.length > MOST_NAMED ? ', …' : ''}`,
      data: { nearest: near },
    },
  )
}

/** What a caller wrote, short enough for a message. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
