import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decide, loadPolicy, parsePolicy } from '../../src/gate/index.ts'
import { change, pods } from './change.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'policy-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('POLICY_FILE that cannot be used stops the start', () => {
  it.each<[string, string, RegExp]>([
    ['empty', '', /it is empty/],
    ['only a comment', '# later\n', /it is empty/],
    ['no YAML', 'version: 1\nallow: [', /line \d+/],
    ['a key twice', 'version: 1\nversion: 1\n', /line 2/],
    ['no version', 'allow: { exec: false }', /version/],
    ['another version', 'version: 2', /version/],
    ['an unknown key', 'version: 1\nalow: {}', /alow/],
    ['an unknown key inside', 'version: 1\nallow: { exek: false }', /allow: .*exek/],
    ['text for a switch', 'version: 1\nallow: { exec: "no" }', /allow\.exec/],
    ['a list', '- 1', /the whole file/],
    ['two documents', 'version: 1\n---\nversion: 1', /document/],
    ['aliases', 'version: 1\nkinds: &a { deny: [Pod] }\nnamespaces: *a', /alias/i],
    [
      'a kind that is never allowed',
      'version: 1\nallow: { kinds: [Secret] }',
      /allow\.kinds\.0: this kind is never changed/,
    ],
    ['every kind', 'version: 1\nallow: { kinds: ["*"] }', /without wildcards/],
    ['a kind of which group?', 'version: 1\nallow: { kinds: [StorageClass] }', /Kind\.group/],
    [
      'a requirement of nothing',
      'version: 1\nrequire: [{ namespaces: [a], because: b }]',
      /requires nothing/,
    ],
    ['a rule that does nothing', 'version: 1\nrules: [{ name: a, when: "true" }]', /denies .* or raises/],
    [
      'a rule that does not compile',
      'version: 1\nrules: [{ name: my-rule, when: "change.name ==", deny: no }]',
      /rule my-rule: not a CEL expression at position/,
    ],
    [
      'a rule about an unknown field',
      'version: 1\nrules: [{ name: my-rule, when: "change.nmaespace == \'a\'", deny: no }]',
      /rule my-rule: a change has no "nmaespace"; did you mean namespace/,
    ],
    [
      'a rule about something else',
      'version: 1\nrules: [{ name: my-rule, when: "request.user == \'a\'", deny: no }]',
      /there is no "request"/,
    ],
    [
      'a rule about an unknown requester field',
      'version: 1\nrules: [{ name: my-rule, when: "change.requester.mail == \'a\'", deny: no }]',
      /a requester has no "mail"/,
    ],
    [
      'an unknown function',
      'version: 1\nrules: [{ name: my-rule, when: "fetch(change.name)", deny: no }]',
      /no function fetch/,
    ],
    [
      'a pattern that is none',
      'version: 1\nrules: [{ name: my-rule, when: "change.name.matches(\'(\')", deny: no }]',
      /not a pattern/,
    ],
    [
      'a pattern made at run time',
      'version: 1\nrules: [{ name: my-rule, when: "change.name.matches(change.kind)", deny: no }]',
      /written out/,
    ],
    [
      'two rules of one name',
      'version: 1\nrules: [{ name: a, when: "true", deny: no }, { name: a, when: "true", deny: no }]',
      /two of this name/,
    ],
  ])('%s', async (name, text, reason) => {
    const file = path.join(folder, `${name.replaceAll(/\W/g, '-')}.yaml`)
    await writeFile(file, text)
    const error = await loadPolicy(file).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'POLICY_INVALID' })
    expect((error as Error).message).toContain(file)
    expect((error as Error).message).toMatch(reason)
  })

  it('a file that is not there', async () => {
    await expect(loadPolicy(path.join(folder, 'none.yaml'))).rejects.toThrow(/there is no such file/)
  })

  it('a file whose first line is not written to its end', async () => {
    for (let end = 0; end < 'version: 1'.length; end++) {
      await expect(parsePolicy('version: 1'.slice(0, end), 'cut')).rejects.toMatchObject({
        code: 'POLICY_INVALID',
      })
    }
  })
})

describe('rules', () => {
  const rule = (when: string) =>
    parsePolicy(JSON.stringify({ version: 1, rules: [{ name: 'r', when, level: 1 }] }), 'x')

  it.each([
    ['an error', 'change.images[3].after == "x"'],
    ['no truth value', 'change.name'],
    ['a number', '1 + 1'],
    ['text and number', 'change.name > 3'],
    ['division by zero', '1 / (change.replicasBefore + 1) > 0'],
  ])('one that ends in %s denies', async (_what, when) => {
    expect(decide(change(), await rule(when))).toHaveProperty('denied')
  })

  it.each([
    [
      'loops in loops',
      '[1,2,3,4,5,6,7,8,9,10].all(a, change.changedPaths.all(b, change.changedPaths.all(c, b != "" || c != "" || a > 0)))',
    ],
    [
      'lists that grow',
      'change.changedPaths.map(a, change.changedPaths.map(b, change.changedPaths)).size() > 0',
    ],
    [
      'texts that grow',
      `${'change.changedPaths.map(a, a + a).map(a, a + a).map(a, a + a)'}${'.map(a, a + a)'.repeat(40)}.size() > 0`,
    ],
  ])('one that takes too long denies: %s', async (_what, when) => {
    const many = change({ changedPaths: Array.from({ length: 500 }, (_, index) => `spec.a${index}`) })
    expect(decide(many, await rule(when))).toEqual({
      denied: [expect.stringMatching(/Rule r takes too many steps/)],
    })
  })

  it('a hostile pattern ends', async () => {
    const hostile = await rule('change.changedPaths.exists(p, p.matches("^(a+)+(a|aa)+$"))')
    expect(decide(change({ changedPaths: [`${'a'.repeat(4_000)}!`] }), hostile)).toMatchObject({ level: 1 })
  })

  it('see what is not there as empty, so that they need no guards', async () => {
    const policy = await parsePolicy(
      JSON.stringify({
        version: 1,
        rules: [
          { name: 'latest', when: 'change.images.exists(i, i.after.endsWith(":latest"))', deny: 'no latest' },
          {
            name: 'agents',
            when: 'change.requester.kind == "agent" && change.replicasAfter > 10',
            approvers: 2,
          },
        ],
      }),
      'x',
    )
    expect(decide(change(), policy)).toEqual({ level: 1, approvers: 1, rules: [] })
    const image = { container: 'a', before: null, after: 'web:latest' }
    expect(decide(change({ pods: pods({ images: [image] }) }), policy)).toEqual({
      denied: ['no latest (rule latest)'],
    })
    expect(decide(change({ replicas: { before: 1, after: 11 } }), policy)).toMatchObject({
      approvers: 2,
      rules: ['rule agents'],
    })
  })

  it('the digest is that of the effective policy', async () => {
    const digest = async (text: string) => (await parsePolicy(text, 'x')).digest
    expect(await digest('version: 1')).toBe((await loadPolicy(undefined)).digest)
    expect(await digest('version: 1\nallow: { exec: true, nodes: false }')).toBe(await digest('version: 1'))
    expect(await digest('version: 1\nallow: { nodes: true }')).not.toBe(await digest('version: 1'))
    expect((await parsePolicy('version: 1', 'x', { ownNamespaces: ['a'] })).digest).not.toBe(
      await digest('version: 1'),
    )
  })
})
