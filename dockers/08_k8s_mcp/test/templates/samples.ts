// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of templates
import type { Parameter, Template, Value } from '../../src/templates/index.ts'

// What the API server demands of single parameters, and values it writes as they are given.
const SPECIAL: Record<string, Value> = {
  'cronjob.timeZone': 'Europe/Zurich',
  'storage-class.provisioner': 'csi.example.com',
  'service-load-balancer.allowedRange': '192.0.2.0/24',
  'secret-from-outside.secretKey': 'other.key',
  'service-node-port.nodePort': 32_222,
}

/** A valid value of every parameter that is not its default. */
export function otherValues(template: Template, namespace: string): Record<string, Value> {
  return Object.fromEntries(
    template.parameters.map((parameter) => [
      parameter.name,
      parameter.name === 'namespace'
        ? namespace
        : (SPECIAL[`${template.name}.${parameter.name}`] ?? otherValue(parameter)),
    ]),
  )
}

function otherValue({ name, type, default: usual, minimum, maximum, choices = [] }: Parameter): Value {
  switch (type) {
    case 'name':
      return 'other-name'
    case 'host':
      return 'other.example.org'
    case 'image':
      return `example/other-image:2.1@sha256:${'0123456789abcdef'.repeat(4)}`
    case 'quantity':
      if (/cpu/i.test(name)) return name.endsWith('Limit') ? '4' : '1500m'
      return name.startsWith('max') ? '6Gi' : '3Gi'
    case 'integer':
    case 'port': {
      const next = Number(usual ?? minimum ?? 0) + 1
      return next > (maximum ?? next) ? next - 2 : next
    }
    case 'boolean':
      return usual !== true
    case 'choice':
      return choices.findLast((choice) => choice !== usual) ?? ''
    case 'schedule':
      return '*/10 8-18 * jan,feb mon-fri'
    case 'path':
      return '/other/path'
    case 'text':
      return 'other: "text" # it\'s\n  - second line: yes\n'
  }
}

/** What somebody might send to get out of the value. */
export const HOSTILE: readonly string[] = [
  ...['"', "'", '\\', '`', '""', "''", 'a"b\'c', '"}, "x": {"', "'\nkind: Secret"],
  ...[
    'x\nkind: Secret',
    'x\n---\napiVersion: v1\nkind: Secret',
    '---',
    '...',
    '--- |',
    '\n---\n',
    '%YAML 1.1',
  ],
  ...[
    '!!binary aGk=',
    '!!int 1',
    '!<tag:x> y',
    '&a',
    '&a b',
    '*a',
    '<<',
    '<<: *a',
    '? a',
    '- a',
    ': a',
    'a: b',
  ],
  ...[
    'a:',
    '# c',
    'a # c',
    '[a, b]',
    '{a: b}',
    '{',
    '}',
    '[',
    ']',
    ',',
    '|',
    '>',
    '|-\n a',
    '@a',
    '%a',
    '=',
    '~',
  ],
  ...[
    '${name}',
    '${namespace}',
    '${',
    '$${name}',
    '{{x}}',
    '{{ .Values.x }}',
    '$(NAME)',
    '$&',
    "$'",
    '%s',
    '%00',
  ],
  ...[
    'yes',
    'no',
    'on',
    'off',
    'y',
    'N',
    'null',
    'true',
    'NULL',
    '0644',
    '0o17',
    '0x1f',
    '0x_1F',
    '0b1',
    '1e3',
  ],
  ...[
    '1_000',
    '0_7',
    '+1',
    '-1',
    '.5',
    '5.',
    '.inf',
    '-.inf',
    '.NaN',
    '22:22',
    '2024-01-01',
    '0',
    '-0',
    '1.0',
  ],
  ...[
    ' lead',
    'trail ',
    ' ',
    '\t',
    'a\tb',
    '\n',
    '\n\n',
    'a\n',
    'a\n\n',
    '\na',
    ' a\n b\n',
    'a \n',
    'a\r\nb',
    '\r',
    'a\rb',
  ],
  ...[
    'a\u0085b',
    'a\u2028b',
    'a\u2029b',
    '\u00a0',
    'a\u200bb',
    '\u202egnp.exe',
    '\ufeffa',
    '\ufffe',
    '\uffff',
    'é',
    'ﬀ',
  ],
  ...[
    '😀',
    '👩‍👩‍👧',
    'e\u0301',
    '\u{e0041}',
    '\u{10ffff}',
    '\u{f0000}',
    '\ud800',
    'a\udc00',
    '\0',
    'a\0b',
    '\x1b[31m',
    '\x7f',
    '\x9b',
  ],
  ...[
    '<script>alert(1)</script>',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '/..',
    '//',
    '/a/../b',
    'a;b',
    'a&&b',
  ],
  ...[
    'x'.repeat(10_240),
    'a: b\n'.repeat(2_048),
    ' '.repeat(500),
    '😀'.repeat(200),
    '/'.repeat(300),
    '1'.repeat(400),
  ],
]
