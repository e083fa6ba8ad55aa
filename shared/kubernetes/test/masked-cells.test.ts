import { createSanitizer } from '@gatehouse/sanitizer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBuiltIn } from '../src/table/built-in.ts'
import { maskedCells } from '../src/table/masked-cells.ts'

const raw = {
  size: 3,
  password: 'Zq7wMqX1',
  pin: { password: 84731120 },
  url: 'postgres://app:Zq7wMqX1@db',
  gone: { deep: ['Hidden-1'] },
}
const masked = {
  ...raw,
  password: '[p]',
  pin: { password: '[n]' },
  url: 'postgres://app:[u]@db',
  gone: '[g]',
}
const cells = (...printed: (string | number | boolean | null)[]) => maskedCells(printed, raw, masked)

describe('maskedCells', () => {
  it('replaces what masking replaced: whole, inside JSON, inside text, as number', () => {
    expect(cells('one', 3, true, null, 'Zq7wMqX1')).toEqual(['one', 3, true, null, '[p]'])
    expect(cells('{"password":"Zq7wMqX1","size":3}')).toEqual(['{"password":"[p]","size":3}'])
    expect(cells('user app, password Zq7wMqX1')).toEqual(['user app, password [p]'])
    expect(cells(84731120, '84731120', '8.473112e+07')).toEqual(['[n]', '[n]', '[n]'])
    expect(cells('Hidden-1', '["Hidden-1"]')).toEqual(['[g]', '["[g]"]'])
    expect(cells('postgres://app:Zq7wMqX1@db')).toEqual(['postgres://app:[u]@db'])
  })
  it('never shows a masked field, whatever stands in it', () => {
    const { maskObject } = createSanitizer({ key: 'k'.repeat(32) })
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: 'grapheme' }), (secret) => {
        const box = { apiVersion: 'x.dev/v1', kind: 'Box', spec: { password: `S${secret}!` } }
        const clean = maskObject(box) as typeof box
        if (clean.spec.password === box.spec.password) return
        const shown = maskedCells([`S${secret}!`, JSON.stringify(box.spec)], box, clean)
        expect(shown).toEqual([clean.spec.password, JSON.stringify(clean.spec)])
      }),
    )
  })
})

it('takes only what Kubernetes itself defines for built in', () => {
  for (const one of ['v1', 'apps/v1', 'networking.k8s.io/v1']) expect(isBuiltIn(one)).toBe(true)
  for (const one of ['x.dev/v1', 'gateway.networking.k8s.io/v1', 'metrics.k8s.io/v1beta1'])
    expect(isBuiltIn(one)).toBe(false)
})
