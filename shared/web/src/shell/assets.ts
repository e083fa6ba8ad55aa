import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A local static file; its address changes with its content, so that it may be kept for ever. */
export interface Asset {
  /** `/assets/<name>.<hash>.<ending>` */
  address: string
  type: string
  body: string
}

const FILES = {
  style: {
    from: ['base', 'bar', 'parts', 'tables', 'forms', 'decision', 'reading'].map((name) => `${name}.css`),
    ending: 'css',
    type: 'text/css; charset=utf-8',
  },
  script: { from: ['gatehouse.js'], ending: 'js', type: 'text/javascript; charset=utf-8' },
  icon: { from: ['icon.svg'], ending: 'svg', type: 'image/svg+xml' },
} as const

let loaded: Record<keyof typeof FILES, Asset> | undefined

/** Style sheet, script and icon; read once. */
export function assets(): Record<keyof typeof FILES, Asset> {
  loaded ??= { style: load('style'), script: load('script'), icon: load('icon') }
  return loaded
}

/** The file at an address of this version of the program. */
export function assetAt(address: string): Asset | undefined {
  return Object.values(assets()).find((asset) => asset.address === address)
}

function load(name: keyof typeof FILES): Asset {
  const { from, ending, type } = FILES[name]
  const body = from
    .map((file) => readFileSync(new URL(`../static/${file}`, import.meta.url), 'utf8'))
    .join('\n')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return { address: `/assets/${name}.${hash}.${ending}`, type, body }
}
