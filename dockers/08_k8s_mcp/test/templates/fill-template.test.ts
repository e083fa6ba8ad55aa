// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of templates
import { GatehouseError } from '@gatehouse/errors'
import { describe, expect, it } from 'vitest'
import { fillTemplate, parseTemplate } from '../../src/templates/index.ts'

const TEMPLATE = parseTemplate(
  'thing',
  `title: Thing
summary: A thing.
group: workloads
parameters:
  name: { type: name, default: web, maximum: 10, description: Name }
  namespace: { type: name, description: Namespace }
  count: { type: integer, default: 2, minimum: 0, maximum: 9, description: Count }
  port: { type: port, default: 80, description: Port }
  flag: { type: boolean, default: false, description: Flag }
  level: { type: choice, choices: [info, debug], default: info, description: Level }
  size: { type: quantity, default: 1Gi, description: Size }
  note: { type: text, maximum: 20, description: Note }
---
apiVersion: v1
kind: Thing
metadata:
  name: \${name}
  namespace: \${namespace}
spec:
  count: \${count}
  port: \${port}
  flag: \${flag}
  level: \${level}
  size: \${size}
  address: \${name}.example.com:\${port}
  scratch: {}
  none: []
  gone:
    deep:
      - note: \${note}
  list:
    - \${note}
    - kept
`,
)

const SPEC = { count: 2, port: 80, flag: false, level: 'info', size: '1Gi', address: 'web.example.com:80' }

function refused(values: Record<string, unknown>): GatehouseError {
  try {
    fillTemplate(TEMPLATE, values)
  } catch (error) {
    if (error instanceof GatehouseError) return error
  }
  throw new Error('not refused')
}

describe('what is filled', () => {
  it('takes the type of a parameter, leaves out what is not given, and keeps what was empty', () => {
    expect(fillTemplate(TEMPLATE, {})).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Thing',
        metadata: { name: 'web' },
        spec: { ...SPEC, scratch: {}, none: [], list: ['kept'] },
      },
    ])
  })

  it('is the same from text and from JSON', () => {
    const typed = { count: 9, port: 8080, flag: true, size: 3, note: 'a\nb' }
    const text = { count: '9', port: '8080', flag: 'true', size: '3', note: 'a\r\nb' }
    expect(fillTemplate(TEMPLATE, text)).toEqual(fillTemplate(TEMPLATE, typed))
    expect(fillTemplate(TEMPLATE, text)[0]?.spec).toMatchObject({
      count: 9,
      flag: true,
      size: '3',
      list: ['a\nb', 'kept'],
    })
  })

  it('takes an empty field of a form as not given', () => {
    const empty = Object.fromEntries(TEMPLATE.parameters.map(({ name }) => [name, '']))
    expect(fillTemplate(TEMPLATE, { ...empty, note: undefined })).toEqual(fillTemplate(TEMPLATE, {}))
  })

  it('is not looked at for placeholders, and changes nothing of the template', () => {
    const before = JSON.stringify(TEMPLATE)
    const [object] = fillTemplate(TEMPLATE, { note: '${name} $& {{x}}' })
    expect(object?.spec).toMatchObject({ gone: { deep: [{ note: '${name} $& {{x}}' }] } })
    expect(JSON.stringify(TEMPLATE)).toBe(before)
  })
})

describe('what is refused', () => {
  it.each([
    [{ nmae: 'a' }, 'nmae: there is no such parameter; did you mean name, note?'],
    [{ count: 10 }, 'count: it is not from 0 to 9'],
    [{ count: -1 }, 'count: it is not from 0 to 9'],
    [{ count: 1.5 }, 'count: it is no whole number'],
    [{ count: '0x1' }, 'count: it is no whole number'],
    [{ count: ' 1' }, 'count: it is no whole number'],
    [{ count: true }, 'count: it is no whole number'],
    [{ count: null }, 'count: it is no whole number'],
    [{ port: 65536 }, 'port: it is not from 1 to 65535'],
    [{ flag: 'yes' }, 'flag: it is neither true nor false'],
    [{ level: 'debgu' }, 'level: it is none of info, debug; did you mean debug?'],
    [{ size: '1 Gi' }, 'size: it is no quantity: a number with a unit, such as 250m, 0.5, 128Mi or 10Gi'],
    [{ name: 'a'.repeat(11) }, 'name: it is longer than 10 characters'],
    [{ name: { a: 1 } }, 'name: it is no text'],
    [{ name: ['a', 'b'] }, 'name: it is given more than once; one value is taken'],
    [{ note: 'a\0b' }, 'note: it holds the control character U+0000 at position 2'],
    [{ note: 'a\ud800' }, 'note: it holds half a surrogate pair, which no file can hold'],
    [{ note: '😀'.repeat(21) }, 'note: it is longer than 20 characters'],
    [JSON.parse('{"__proto__": "a"}'), '(no name): there is no such parameter'],
    [{ 'secret value': '' }, '(no name): there is no such parameter'],
  ])('%j says the parameter and the reason', (values, reason) => {
    const { code, message, hint } = refused(values)
    expect([code, message]).toEqual(['INVALID_INPUT', `Template thing: ${reason}`])
    expect(hint).toBe('Parameters: name, namespace, count, port, flag, level, size, note')
  })

  it('is told all at once', () => {
    expect(refused({ count: 'hunter2', flag: 'hunter2', nam: 'hunter2' }).data).toEqual({
      problems: [
        { parameter: 'nam', reason: 'there is no such parameter', nearest: ['name', 'namespace'] },
        { parameter: 'count', reason: 'it is no whole number' },
        { parameter: 'flag', reason: 'it is neither true nor false' },
      ],
    })
  })

  it('is not a text of as many characters as may be, of whatever length they are', () => {
    expect(fillTemplate(TEMPLATE, { note: '😀'.repeat(20) })).toHaveLength(1)
  })
})
