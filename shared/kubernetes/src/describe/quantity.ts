const SUFFIXES: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** A Kubernetes quantity (`100m`, `1.5Gi`, `1e3`) as a number; NaN for what is none. */
export function parseQuantity(text: string | number | undefined): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([a-zA-Z]{0,2}))$/.exec(
    String(text ?? '').trim(),
  )
  if (!match) return Number.NaN
  const [, digits = '', exponent, suffix = ''] = match
  if (exponent) return Number(`${digits}${exponent}`)
  const factor = SUFFIXES[suffix]
  return factor === undefined ? Number.NaN : Number(digits) * factor
}

/** `1.5` CPUs, or bytes as `2.3Gi`. */
export function quantityText(value: number, isBytes: boolean): string {
  if (!isBytes) return String(Number(value.toFixed(2)))
  const unit = ['Ti', 'Gi', 'Mi', 'Ki'].find((one) => value >= (SUFFIXES[one] ?? 1)) ?? ''
  return `${Number((value / (SUFFIXES[unit] ?? 1)).toFixed(1))}${unit}`
}
