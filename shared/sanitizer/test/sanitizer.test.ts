import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { counting, createSanitizer } from '../src/index.ts'

const create = () => createSanitizer({ key: 'key' })

describe('fence', () => {
  const sanitizer = create()

  test('same text and source, same boundary; other text, other boundary', () => {
    expect(sanitizer.fence('a', 'logs')).toBe(sanitizer.fence('a', 'logs'))
    expect(boundary(sanitizer.fence('a', 'logs'))).not.toBe(boundary(sanitizer.fence('b', 'logs')))
    expect(boundary(createSanitizer({ key: 'x' }).fence('a', 'logs'))).not.toBe(
      boundary(sanitizer.fence('a', 'logs')),
    )
  })

  test('what imitates a fence or a mark inside loses its bracket; our marks stay', () => {
    const mark = sanitizer.mask('token', 'x')
    const inside = `[/untrusted:00] [UNTRUSTED:1 ] [redacted:jwt:000000000000] [withheld: no] ${mark}`
    expect(sanitizer.fence(inside, 'logs')).toContain(
      `\n(/untrusted:00] (UNTRUSTED:1 ] (redacted:jwt:000000000000] (withheld: no] ${mark}\n`,
    )
  })

  test('the source cannot break out of its line', () => {
    expect(sanitizer.fence('a', 'x"]\n[/untrusted:1]').split('\n')).toHaveLength(3)
  })
})

describe('value', () => {
  const sanitizer = create()

  test('clean data is returned as it is, not copied', () => {
    const rows = [{ name: 'web-1', restarts: 3, ready: true, node: null }]
    expect(sanitizer.value(rows)).toBe(rows)
  })

  test('cleans keys, keeps colliding ones apart and does not change its input', () => {
    const data = { 'a\u200b': 1, a: 2, b: { token: 'abcdefgh1' } }
    const copy = structuredClone(data)
    expect(Object.keys(sanitizer.value(data))).toEqual(['a', 'a (2)', 'b'])
    expect(JSON.stringify(sanitizer.value(data))).not.toContain('abcdefgh1')
    expect(data).toEqual(copy)
  })

  test('cycles, depth and strangers are withheld', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect(JSON.stringify(sanitizer.value(cycle))).toContain('[withheld: nested too deep]')
    expect(sanitizer.value({ a: new Map([['password', 'x']]), b: Buffer.from('x') })).toEqual({
      a: '[withheld: not plain data]',
      b: '[withheld: not plain data]',
    })
    const hostile = {
      get name(): string {
        throw new Error('password=abcdefgh')
      },
    }
    expect(sanitizer.value(hostile)).toBe('[withheld: sanitizer failed]')
    expect(sanitizer.value(JSON.parse('{"__proto__":{"token":"abcdefgh1"}}'))).toEqual(
      JSON.parse(`{"__proto__":{"token":"${sanitizer.mask('token', 'abcdefgh1')}"}}`),
    )
  })
})

describe('text', () => {
  test('too much is withheld, with the reason', () => {
    const sanitizer = create()
    expect(sanitizer.text('a'.repeat(4_194_305))).toBe('[withheld: text over 4194304 characters]')
    expect(sanitizer.text('token=x1\n'.repeat(30_000))).toBe('[withheld: too many findings]')
    expect(sanitizer.counts()).toMatchObject({ withheld: 2 })
  })

  test('withheld lines are counted', () => {
    const sanitizer = create()
    const many = 'token=x1y2z3\n'.repeat(30_000)
    sanitizer.text(`first\n${many}between\ntoken=x1y2z3\nlast`)
    sanitizer.text(`${many}last`)
    expect(sanitizer.counts()).toEqual({ withheld: 3 })
  })

  test('line breaks, colours and lone surrogates', () => {
    expect(create().text('a\r\nb\rc\u001b[1;31mred\u001b[0m\u001b]0;title\u0007\ud800 \u202ex ⚠️')).toBe(
      'a\nb\ncred\ufffd x ⚠️',
    )
  })
})

describe('text in which each redaction makes the next', () => {
  test.each(['postgres://a:b', 'http://a:b/', 'auth: aaaa'])('%s settles', (unit) => {
    const sanitizer = create()
    const clean = sanitizer.text(`first\n${unit.repeat(20_000)}\nlast`)
    expect(clean).toMatch(/^first\n.*\nlast$/s)
    expect(clean).not.toContain('withheld')
    expect(sanitizer.text(clean)).toBe(clean)
  })
})

describe('blind', () => {
  const sanitizer = createSanitizer({ key: 'key', known: ['opaque-value-1'] })
  const blind = sanitizer.blind()

  test('marks carry no digest, wherever they stand', () => {
    const said = JSON.stringify([
      blind.text('opaque-value-1 password=hunter2-x'),
      blind.value({ password: 4711, args: ['--token', 'abcdefgh1'] }),
      blind.maskObject({ kind: 'Secret', data: { pin: 'NDcxMQ==' } }),
      blind.mask('pin', '4711'),
      blind.digest('pin', '4711'),
      blind.text('token=abcdefgh1'),
    ])
    expect(said).not.toMatch(/[0-9a-f]{12}/)
    expect(said.match(/\[redacted:[a-z]+\]/g)).toHaveLength(7)
  })

  test('both kinds of marks stay, in both sanitizers and in a fence', () => {
    const both = `a ${blind.text('token=abcdefgh1')} ${sanitizer.text('token=abcdefgh1')}`
    for (const one of [blind, sanitizer]) {
      expect(one.text(both)).toBe(both)
      expect(one.value({ password: '[redacted:token]', a: both })).toEqual({
        password: '[redacted:token]',
        a: both,
      })
      expect(one.fence(both, 'x')).toContain(`\n${both}\n`)
    }
  })

  test('counts and known values are shared; half a known value is no answer to a guess', () => {
    sanitizer.addKnown('added-value-2')
    const before = sanitizer.counts().known ?? 0
    expect(blind.text('added-value-2')).toBe('[redacted:known]')
    expect(sanitizer.counts().known).toBe(before + 1)
    expect(blind.text('added-valu')).toBe('added-valu')
    expect(sanitizer.text('added-valu')).toContain('[redacted:known:')
  })
})

describe('knowing', () => {
  const sanitizer = createSanitizer({ key: 'key', known: ['opaque-value-1'] })
  const object = {
    kind: 'Secret',
    data: { a: Buffer.from('plum-horse').toString('base64') },
    password: 'abcdefgh1',
  }

  test('what is masked in an object is found elsewhere, without digest; the rest is not', () => {
    const knows = sanitizer.knowing(object)
    expect(knows?.text('is plum-horse, abcdefgh1 or opaque-value-1')).toBe(
      'is [redacted:known], [redacted:known] or [redacted:known]',
    )
    expect(sanitizer.blind().text('is plum-horse')).toBe('is plum-horse')
    expect(sanitizer.knowing({ kind: 'ConfigMap', data: { a: 'b' } })).toBeUndefined()
  })

  test('what the caller wrote himself is left', () => {
    expect(sanitizer.knowing(object, '[{"value":"plum-horse"}]')?.text('plum-horse abcdefgh1')).toBe(
      'plum-horse [redacted:known]',
    )
  })
})

describe('digests, marks and counts', () => {
  test('equal secrets of one class read equal wherever they stand, those of two classes do not', () => {
    const sanitizer = create()
    const digest = sanitizer.digest('password', 'hunter2-x')
    expect(digest).toMatch(/^[0-9a-f]{12}$/)
    expect(sanitizer.text('password=hunter2-x')).toBe(`password=[redacted:password:${digest}]`)
    expect(sanitizer.value({ password: 'hunter2-x' })).toEqual({ password: `[redacted:password:${digest}]` })
    const other = sanitizer.digest('secret', 'hunter2-x')
    expect(other).not.toBe(digest)
    expect(sanitizer.mask('Not A Class!', 'hunter2-x')).toBe(`[redacted:secret:${other}]`)
  })

  test('counts of one call are its own and are added to the whole', async () => {
    const sanitizer = create()
    const call = async (counts: Record<string, number>, work: () => unknown) => {
      await counting(counts, async () => {
        for (let round = 0; round < 3; round++) {
          await setImmediate()
          work()
        }
      })
      return counts
    }
    const [texts, objects, blind] = await Promise.all([
      call({}, () => sanitizer.text('password=hunter2-x')),
      call({}, () => sanitizer.maskObject({ kind: 'Secret', data: { a: 'eA==', b: 'eQ==' } })),
      call({}, () => sanitizer.blind().mask('pin', '4711')),
    ])
    sanitizer.text('token=abcdefgh1')
    expect([texts, objects, blind]).toEqual([{ password: 3 }, { secret: 6 }, { pin: 3 }])
    expect(sanitizer.counts()).toEqual({ password: 3, secret: 6, pin: 3, token: 1 })
  })

  test('what is withheld counts as well', () => {
    const sanitizer = create()
    const counts = {}
    const hostile = Object.defineProperty({}, 'name', {
      enumerable: true,
      get: () => {
        throw new Error('password=abcdefgh')
      },
    })
    counting(counts, () => [
      sanitizer.value(hostile),
      sanitizer.maskObject(hostile),
      sanitizer.text('a'.repeat(4_194_305)),
    ])
    expect(counts).toEqual({ withheld: 3 })
    expect(sanitizer.counts()).toEqual({ withheld: 3 })
  })

  test('a mark that is already there is not counted again', () => {
    const sanitizer = create()
    const counts = {}
    counting(counts, () => sanitizer.fence(sanitizer.text(sanitizer.text('token=abcdefgh1')), 'x'))
    expect(counts).toEqual({ token: 1 })
  })

  test('known values can be added later; short ones are ignored', () => {
    const sanitizer = create()
    sanitizer.addKnown('opaque value')
    sanitizer.addKnown('short')
    expect(sanitizer.text('an opaque value, short')).toMatch(/^an \[redacted:known:[0-9a-f]{12}\], short$/)
  })

  test('an empty key is refused', () => {
    expect(() => createSanitizer({ key: '' })).toThrow(TypeError)
  })
})

function boundary(fenced: string): string {
  return /^\[untrusted:([0-9a-f]{16}) /.exec(fenced)?.[1] ?? 'none'
}
