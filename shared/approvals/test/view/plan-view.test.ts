import type { Plan, PlannedOperation } from '@gatehouse/operations'
import { createSanitizer } from '@gatehouse/sanitizer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planDigest } from '../../src/index.ts'
import { planView, viewDigestOf } from '../../src/view/plan-view.ts'
import { LIMITS } from '../../src/view/whole.ts'
import { anOperation, sanitizer } from '../harness.ts'
import { OPERATIONS } from '../pages/fixtures.ts'

const REQUESTER = { subject: 'oncall-bot', kind: 'agent', credential: 'token:1' } as const
const planOf = (operations: PlannedOperation[], change: Partial<Plan> = {}): Plan => ({
  schema: 1,
  operations,
  identity: 'writer',
  requester: REQUESTER,
  claim: { reason: 'traffic is high' },
  tool: 'scaleDeployment',
  policy: { level: 2, approvers: 1, rules: ['default'], digest: 'd'.repeat(64) },
  createdAt: 1,
  expiresAt: 2,
  ...change,
})
const viewOf = (plan: Plan) => planView(plan, planDigest(plan), sanitizer)

describe('planView', () => {
  it.each(Object.entries(OPERATIONS))(
    'shows %s whole, approvable and without what is sent',
    (_name, operation) => {
      const plan = planOf([anOperation(operation as unknown as Partial<PlannedOperation>)])
      const view = viewOf(plan)
      expect(view).toMatchObject({ approvable: true, title: operation.title, planDigest: planDigest(plan) })
      const [shown] = view.operations
      expect(shown?.command).toBe(operation.command)
      expect(shown?.diff.map(({ path }) => path)).toEqual(operation.changes.map(({ path }) => path))
      expect(shown?.impact).toEqual(operation.impact)
      const text = JSON.stringify(view)
      for (const secret of [
        'salt',
        'marker',
        'intent',
        'baseDigest',
        'contentType',
        '"request"',
        '"before":{',
        '"undo"',
      ])
        expect(text).not.toContain(secret)
    },
  )

  it('gives the same digest for the same plan, and another for any other view', () => {
    const plan = planOf([anOperation()])
    const digest = viewDigestOf(viewOf(plan))
    expect(viewDigestOf(viewOf(structuredClone(plan)))).toBe(digest)
    const [operation] = plan.operations
    if (!operation) throw new Error('no operation')
    const others: Plan[] = [
      { ...plan, identity: 'another' },
      { ...plan, tool: 'another' },
      { ...plan, claim: { reason: 'another' } },
      { ...plan, requester: { ...REQUESTER, behind: 'ana' } },
      { ...plan, policy: { ...plan.policy, approvers: 2 } },
      { ...plan, policy: { ...plan.policy, rules: [] } },
      { ...plan, expiresAt: 3 },
      ...[
        { title: 'another' },
        { command: 'another' },
        { warnings: ['another'] },
        { impact: ['another'] },
        { typedName: true },
        { target: { ...operation.target, clusterId: 'another' } },
        { changes: [{ path: 'spec.replicas', before: '3', after: '6' }] },
        { changes: [{ path: 'spec.replicas', before: '3', after: '5', hidden: true }] },
        { expectation: { ...operation.expectation, text: 'another' } },
        // What is not shown is bound all the same: the view holds the plan's digest.
        { request: { ...operation.request, body: { spec: { replicas: 50 } } } },
      ].map((change) => ({ ...plan, operations: [{ ...operation, ...change }] })),
    ]
    const digests = others.map((other) => viewDigestOf(viewOf(other)))
    expect(new Set([digest, ...digests]).size).toBe(others.length + 1)
  })

  it('tells of characters that cannot be seen', () => {
    const raw = 'pay\u202eexe\u200b'
    const view = viewOf(planOf([anOperation({ changes: [{ path: 'metadata.labels[app]', after: raw }] })]))
    expect(view.operations[0]?.diff[0]?.after).toBe('payexe [hidden characters: U+202E, U+200B]')
  })

  it('finds them in what will be sent, whatever the difference shows of it', () => {
    const body = { data: { 'a\u200b': 'x', list: ['ok', 'pay\u202eexe'] }, emoji: '❤️ fine' }
    const request = { ...anOperation().request, body }
    const [operation] = viewOf(planOf([anOperation({ request })])).operations
    expect(operation?.unseen).toEqual(['a name in data holds U+200B', 'data.list[1] holds U+202E'])
    const many = Object.fromEntries(Array.from({ length: 9 }, (_one, at) => [`k${at}`, '\u200b']))
    const [full] = viewOf(planOf([anOperation({ request: { ...request, body: many } })])).operations
    expect(full?.unseen).toHaveLength(6)
    expect(full?.unseen.at(-1)).toBe('and there are more')
  })

  it('keeps secrets out of every field', () => {
    const token = 'ghp_0123456789abcdefghijABCDEFGHIJ456789'
    const known = 'correct-horse-battery-staple'
    const strict = createSanitizer({ key: 'k', known: [known] })
    const says = `${token} ${known}`
    const plan = planOf(
      [
        anOperation({
          title: says,
          command: says,
          changes: [{ path: says, before: says, after: says }],
          warnings: [says],
          impact: [says],
          exec: { container: says, containerId: 'x', command: [says], timeoutSeconds: 1 },
          switch: { server: says, from: says, to: says },
        }),
      ],
      { claim: { reason: says, severity: says, service: says, explanations: [says] }, tool: says },
    )
    const text = JSON.stringify(planView(plan, planDigest(plan), strict))
    expect(text).not.toContain(token.slice(0, 12))
    expect(text).not.toContain('horse')
  })

  it('keeps what a hidden change tells beside its secret', () => {
    const change = { path: 'data.url', before: 'u@old.example', after: 'u@new.example', hidden: true }
    expect(viewOf(planOf([anOperation({ changes: [change] })])).operations[0]?.diff[0]).toEqual(change)
  })
})

describe('what cannot be shown whole', () => {
  it.each<[string, Partial<PlannedOperation>]>([
    [
      'too many fields',
      { changes: Array.from({ length: LIMITS.changes + 1 }, (_one, at) => ({ path: `data.${at}` })) },
    ],
    ['too much text', { changes: [{ path: 'data.a', after: 'x '.repeat(LIMITS.characters / 2 + 1) }] }],
    ['a value that was cut by the differ', { changes: [{ path: 'data.a', after: 'abc… (900 characters)' }] }],
    [
      'a value that was cut by the sanitizer',
      { changes: [{ path: 'a', after: 'abc\n[cut: 12 more characters]' }] },
    ],
    ['a value that was withheld', { changes: [{ path: 'data.a', after: '[withheld: sanitizer failed]' }] }],
  ])('cannot be approved: %s', (_what, change) => {
    const view = viewOf(planOf([anOperation(change)]))
    expect(view.approvable).toBe(false)
    expect(view.notApprovable).toMatch(/at most|cannot|too long/)
  })

  it('cannot be approved: too many operations, or a reason nobody would read', () => {
    const many = planOf(Array.from({ length: LIMITS.operations + 1 }, () => anOperation()))
    expect(viewOf(many).approvable).toBe(false)
    const wordy = planOf([anOperation()], { claim: { reason: 'because '.repeat(LIMITS.claim / 8 + 1) } })
    expect(viewOf(wordy).approvable).toBe(false)
    expect(viewOf(planOf([])).approvable).toBe(false)
  })

  it('is never cut silently: a text is shown whole, or the view says that it is not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 300 }), { maxLength: 20 }),
        (values) => {
          const changes = values.map((after, at) => ({ path: `data.k${at}`, after }))
          const view = viewOf(planOf([anOperation({ changes })]))
          const whole = view.operations[0]?.diff.every(
            ({ after = '' }, at) => after === sanitizer.text(values[at] ?? ''),
          )
          expect(whole || !view.approvable).toBe(true)
        },
      ),
    )
  })
})
