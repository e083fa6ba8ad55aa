import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteWord, wordsOf } from '../../src/kubectl/words.ts'

const refusal = (text: string) => {
  try {
    return { words: wordsOf(text) }
  } catch (error) {
    return { code: (error as { code?: string }).code, message: (error as Error).message }
  }
}

describe('words as a POSIX shell would read them', () => {
  it.each([
    ['get pods', ['get', 'pods']],
    ['  get\t pods  ', ['get', 'pods']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`''`, ['']],
    [`a''b""c`, ['abc']],
    [`'a'\\''b'`, ["a'b"]],
    [`"a\\"b\\\\c\\d"`, ['a"b\\c\\d']],
    [`"\\$HOME \\\`x\\\`"`, ['$HOME `x`']],
    [`'$HOME * ? | & ; > <'`, ['$HOME * ? | & ; > <']],
    ['a#b c~d e!f', ['a#b', 'c~d', 'e!f']],
    [`-p '{"spec":{"replicas":1}}'`, ['-p', '{"spec":{"replicas":1}}']],
    [`note='grüße, 你好'`, ['note=grüße, 你好']],
    ['', []],
  ])('%j', (text, words) => expect(wordsOf(text)).toEqual(words))

  it('agrees with /bin/sh on whatever it accepts', () => {
    const printable = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      maxLength: 8,
    })
    const piece = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9_.,:=@%+/-]{1,8}$/),
      fc.constantFrom(' ', '  ', '\t', '#', '~', '!', '^'),
      printable.map((text) => `'${text.replaceAll("'", '')}'`),
      printable.map((text) => `"${text.replaceAll(/["$`\\]/g, '\\$&')}"`),
      printable.map((text) => `"${text.replaceAll(/["$`\\]/g, '')}\\a"`),
      fc.integer({ min: 0x20, max: 0x7e }).map((code) => `\\${String.fromCharCode(code)}`),
    )
    let compared = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const text = pieces.join('')
        const mine = refusal(text)
        if (!mine.words) return
        const { stdout, status } = spawnSync('/bin/sh', ['-c', `printf '%s\\0' x ${text}`], { env: {} })
        expect(status).toBe(0)
        expect(['x', ...mine.words]).toEqual(stdout.toString().split('\0').slice(0, -1))
        compared++
      }),
      { numRuns: 400 },
    )
    expect(compared).toBeGreaterThan(200)
  })

  it('any printable text survives quoting', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const quoted = quoteWord(text)
        if (quoted !== undefined) expect(wordsOf(`x ${quoted} y`)).toEqual(['x', text, 'y'])
      }),
    )
  })
})

describe('what a shell would act on', () => {
  const active = [
    '|',
    '&',
    ';',
    '<',
    '>',
    '(',
    ')',
    '$',
    '`',
    '*',
    '?',
    '[',
    '{',
    '}',
    '\n',
    '\r',
    '\0',
    '\u2028',
  ]
  it.each([
    ['get pods | grep web', /pipes/],
    ['get pods; delete pod web', /one command per call/],
    ['get pods && delete pod web', /behind another/],
    ['get pods & ', /background/],
    ['get pods > /tmp/x', /nothing is written/],
    ['apply -f - < file', /files are not read/],
    ['get pod $(whoami)', /variables and substitutions/],
    ['get pod $NAME', /variables/],
    ['get pod "$NAME"', /variables/],
    ['get pod `id`', /substituted/],
    ['get pod "`id`"', /substituted/],
    ['get pod web-*', /wildcards/],
    ['get pod we?', /wildcards/],
    ['get pod [w]eb', /wildcards/],
    ['get {pods,svc}', /braces/],
    ['get pods # all of them', /comments/],
    ['get pod ~root', /home folder/],
    ['! get pods', /history/],
    ['get pods\ndelete pod web', /more than one line/],
    ['get pods\r\ndelete pod web', /more than one line/],
    ['get pods \\\n -A', /more than one line/],
    ['get pod web\0', /U\+0000/],
    ['get pod w\u200bb', /U\+200B/],
    ['get pod \u202ebew', /U\+202E/],
    ['get pod web\u{e0041}', /U\+E0041/],
    ['get pod \u001b[31mweb', /U\+001B/],
    ['get pod \ud800', /U\+D800/],
    ['get pod “web”', /typographic/],
    ["get pod 'web", /not closed/],
    ['get pod "web', /not closed/],
    ['get pod web\\', /ends with a backslash/],
  ])('%j is refused', (text, reason) => {
    const { code, message } = refusal(text)
    expect(message).toMatch(reason)
    expect(['COMMAND_REFUSED', 'INVALID_INPUT']).toContain(code)
  })

  it('anywhere outside quotes is refused, whatever stands around it', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{0,6}$/)
    fc.assert(
      fc.property(word, fc.constantFrom(...active), word, word, (a, char, b, c) => {
        expect(refusal(`${a} ${b}${char}${c}`).words).toBeUndefined()
      }),
    )
  })

  it('never gives anything but words or a GatehouseError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { words, code } = refusal(text)
        if (words === undefined) expect(['COMMAND_REFUSED', 'INVALID_INPUT']).toContain(code)
      }),
    )
  })
})
