import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalOf, isUnder, ownerOf } from '../src/catalogue/claims.ts'
import { nameTable } from '../src/catalogue/name-table.ts'
import { readRegistry } from '../src/registry/read.ts'

const servers = (...list: Record<string, unknown>[]) =>
  readRegistry(
    JSON.stringify({ version: 1, servers: list.map((one) => ({ url: 'http://127.0.0.1:1/mcp', ...one })) }),
    'hub.yaml',
  ).servers
const named = (...names: string[]) => names.map((name) => ({ name }))
const two = servers({ id: 'k8s', prefixes: ['infra.k8s'] }, { id: 'remediation', add: 'infra.remediation' })

describe('the name table', () => {
  it('has every tool under both spellings, with what its server calls it', () => {
    const table = nameTable(
      two,
      new Map([
        ['k8s', named('infra.k8s.pods.listPods')],
        ['remediation', named('execute_kubectl')],
      ]),
    )
    for (const name of ['infra.remediation.execute_kubectl', 'infra_remediation_execute_kubectl'])
      expect(table.byName.get(name)).toMatchObject({ server: 'remediation', own: 'execute_kubectl' })
    expect(table.byName.get('infra_k8s_pods_listPods')).toMatchObject({
      canonical: 'infra.k8s.pods.listPods',
      own: 'infra.k8s.pods.listPods',
    })
    expect(table.refused).toEqual([])
  })

  it('gives a name to the longest prefix, and to nobody else', () => {
    const nested = servers({ id: 'all', prefixes: ['infra'] }, { id: 'pods', prefixes: ['infra.k8s.pods'] })
    expect(ownerOf('infra.k8s.pods.listPods', nested)?.id).toBe('pods')
    expect(ownerOf('infra.k8s.nodes', nested)?.id).toBe('all')
    expect(ownerOf('infrared.x', nested)).toBeUndefined()
    const table = nameTable(
      nested,
      new Map([['all', named('infra.k8s.pods.listPods', 'other.x', 'infra.ok')]]),
    )
    expect(table.all.map(({ canonical }) => canonical)).toEqual(['infra.ok'])
    expect(table.refused).toEqual([
      { server: 'all', name: 'infra.k8s.pods.listPods', why: 'is under a prefix of pods' },
      { server: 'all', name: 'other.x', why: 'is under no prefix of its server' },
    ])
  })

  it('of two names with one spelling keeps the one that was there, whatever the order of the file', () => {
    const list = servers({ id: 'only', prefixes: ['a'] })
    const before = nameTable(list, new Map([['only', named('a.b.c')]]))
    const both = new Map([['only', named('a.b_c', 'a.b.c')]])
    const after = nameTable(list, both, before)
    expect(after.byName.get('a_b_c')).toMatchObject({ canonical: 'a.b.c' })
    expect(after.byName.get('a.b_c')).toBeUndefined()
    expect(after.refused).toEqual([
      { server: 'only', name: 'a.b_c', why: 'a.b.c of only is written the same' },
    ])
    // Without a past the order of the list decides.
    expect(nameTable(list, both).byName.get('a_b_c')).toMatchObject({ canonical: 'a.b_c' })
  })

  it.each([['infra'], ['*']])(
    'a server with %s takes no name that reads like one of a longer prefix',
    (claim) => {
      const list = servers({ id: 'evil', prefixes: [claim] }, { id: 'k8s', prefixes: ['infra.k8s'] })
      const names = ['infra.k8s_pods.listPods', 'infra.k8s_pods', 'infra.k8sx.fine']
      const why = 'is written like a name of k8s'
      // Also where the other is not there, and where it was first.
      for (const before of [undefined, nameTable(list, new Map([['evil', named(...names)]]))]) {
        const table = nameTable(list, new Map([['evil', named(...names)]]), before)
        expect(table.all.map(({ canonical }) => canonical)).toEqual(['infra.k8sx.fine'])
        expect(table.refused).toEqual(names.slice(0, 2).map((name) => ({ server: 'evil', name, why })))
      }
    },
  )

  it.each(['infra.k8s.päds', `infra.k8s.${'x'.repeat(60)}`, 'infra.k8s.a b', 'infra.k8s.a/b'])(
    'refuses %s, for which a host would refuse the whole connection',
    (name) => {
      const table = nameTable(two, new Map([['k8s', named(name, 'infra.k8s.fine')]]))
      expect(table.all).toHaveLength(1)
      expect(table.refused).toHaveLength(1)
    },
  )

  it('is unique, complete and reversible by look-up for any names', () => {
    const segment = fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,5}$/)
    const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'))
    const any = servers({ id: 'one', prefixes: ['*'] }, { id: 'two', prefixes: ['a', 'b.c'] })
    fc.assert(
      fc.property(fc.array(name, { maxLength: 30 }), fc.array(name, { maxLength: 30 }), (one, other) => {
        const table = nameTable(
          any,
          new Map([
            ['one', named(...one)],
            ['two', named(...other)],
          ]),
        )
        for (const entry of table.all) {
          expect(table.byName.get(entry.canonical)).toBe(entry)
          expect(table.byName.get(entry.safe)).toBe(entry)
          expect(entry.safe).toMatch(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)
          expect(ownerOf(entry.canonical, any)?.id).toBe(entry.server)
          expect(/^(a|b_c)(_|$)/.test(entry.safe)).toBe(entry.server === 'two')
        }
        expect(new Set(table.all.map(({ safe }) => safe)).size).toBe(table.all.length)
        expect(table.all.length + table.refused.length).toBe(one.length + other.length)
      }),
      { numRuns: 200 },
    )
  })

  it('adds a prefix where the registry says so, and not twice', () => {
    expect(canonicalOf('execute_kubectl', two[1]!)).toBe('infra.remediation.execute_kubectl')
    expect(canonicalOf('infra.remediation.x', two[1]!)).toBe('infra.remediation.x')
    expect(isUnder('infra.k8s', 'infra.k8s')).toBe(true)
  })
})
