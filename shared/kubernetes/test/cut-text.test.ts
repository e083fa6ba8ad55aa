import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cutText } from '../src/cut-text.ts'

it('keeps short texts and never splits a word', () => {
  expect(cutText('short', 10)).toBe('short')
  expect(cutText('pull of postgres://user:password@host failed', 30)).toBe('pull of…')
  expect(cutText('x'.repeat(50), 30)).toBe('…')
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\S{1,20}$/), { minLength: 1 }), fc.nat(100), (words, most) => {
      const text = words.join(' ')
      const cut = cutText(text, most)
      const kept = cut.replace(/…$/, '')
      return (
        cut === text ||
        (kept.length <= most && kept.split(' ').every((word) => word === '' || words.includes(word)))
      )
    }),
  )
})
