import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { parseTopic, type Topic } from '../../dockers/08_k8s_mcp/src/documentation/topic.ts'
import { readTopicFiles } from '../docs/topic-files.ts'
import { topicProblems } from '../docs/topic-problems.ts'

const root = new URL('../..', import.meta.url).pathname
const { topics } = await readTopicFiles()
const good = topics.find((one) => one.name === 'probes') as Topic

const problemsOf = (change: Partial<Topic>) =>
  topicProblems([{ ...good, ...change }, ...topics.filter((one) => one.name !== good.name)])

it('finds nothing in the topics as they are', async () => {
  expect(await topicProblems(topics)).toEqual([])
})

const PLANTED: [what: string, change: Partial<Topic>, said: RegExp][] = [
  ['a heading that is missing', { body: good.body.replace('## Example', '## Sample') }, /headings are/],
  ['too little', { body: good.body.slice(0, 0) }, /fewest/],
  ['too much', { body: `${good.body}\n${'word '.repeat(2_000)}` }, /most/],
  ['HTML', { body: `${good.body}\n\n<b>bold</b>` }, /no part of a topic/],
  ['an image', { body: `${good.body}\n\n![x](/x.png)` }, /no part of a topic/],
  ['a word that says nothing', { body: `${good.body}\n\nSimply restart it.` }, /says nothing/],
  ['a topic that is not there', { see: ['nowhere'] }, /no topic nowhere/],
  ['itself', { see: ['probes'] }, /itself/],
  ['a template that is not there', { template: 'nowhere' }, /no template nowhere/],
  ['a kind that is not there', { kinds: ['apps/v1/Deploymint'] }, /did you mean Deployment/],
  ['a link to another site', { body: `${good.body}\n\n[x](https://example.com/)` }, /leads nowhere/],
  ['a link to no topic', { body: `${good.body}\n\n[x](/docs/nowhere)` }, /leads nowhere/],
  ['a link to no heading', { body: `${good.body}\n\n[x](/docs/pods#nowhere)` }, /leads nowhere/],
  ['a link to no field', { body: `${good.body}\n\n[x](/api/core/v1/Pod?field=spec.nope)` }, /no field/],
  ['a call of no tool', { body: `${good.body}\n\n\`\`\`tool infra.k8s.nope\n{}\n\`\`\`` }, /no tool/],
  [
    'a call with a parameter that is none',
    { body: `${good.body}\n\n\`\`\`tool infra.k8s.pods.listPods\n{"namespce":"x"}\n\`\`\`` },
    /call of infra.k8s.pods.listPods/,
  ],
  ['what looks like a credential', { body: `${good.body}\n\npassword: hunter2hunter2` }, /credential/],
]

for (const [what, change, said] of PLANTED) {
  it(`finds ${what}`, async () => {
    expect((await problemsOf(change)).join('\n')).toMatch(said)
  })
}

it('a header that is wrong is an error that names the field', () => {
  const file = (header: string) => `---\n${header}\n---\n\n## What it is\n`
  expect(() => parseTopic('concepts', 'x', 'no header')).toThrow('header')
  expect(() => parseTopic('concepts', 'x', file('title: X\nsummary: short\nsee: [pods]'))).toThrow(
    /title|summary/,
  )
  expect(() =>
    parseTopic('concepts', 'x', file('title: Xyz\nsummary: one sentence that is long enough')),
  ).toThrow('see')
  expect(() =>
    parseTopic(
      'concepts',
      'x',
      file('title: Xyz\nsummary: one sentence that is long enough\nsee: [a]\nmore: 1'),
    ),
  ).toThrow('more')
})

it('new topics have a group and a name of their own', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/run.mjs', ...args], { cwd: root, encoding: 'utf8' })
  expect(run('docs-new', '--help').stdout).toContain('<group>/<topic>')
  for (const [place, said] of [
    ['', 'Name the topic'],
    ['nowhere/x', 'with a group of'],
    ['concepts/Pods', 'with a group of'],
    ['../concepts/x', 'with a group of'],
    ['operating/pods', 'There is a topic pods already'],
  ] as const) {
    const { status, stderr } = run('docs-new', place)
    expect([status, stderr.includes(said)], place).toEqual([2, true])
  }
})
