const QUANTITY = /^(0|[1-9]\d*)(\.\d+)?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d{1,2})?$/

// Fifteen digits are far more than any resource has; the API server rounds what is beyond its own limit.
const MOST_CHARACTERS = 20

/** Why this is no quantity of a resource. Negative ones have a form, but no use. */
export function quantityProblem(quantity: string): string | undefined {
  if (quantity.length <= MOST_CHARACTERS && QUANTITY.test(quantity)) return undefined
  return 'it is no quantity: a number with a unit, such as 250m, 0.5, 128Mi or 10Gi'
}
