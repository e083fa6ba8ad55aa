import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const FOLDER = new URL('../../static/templates/', import.meta.url)

const run = (...args: string[]): Promise<{ code: number; text: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['scripts/run.mjs', 'template-new', ...args],
      { cwd: ROOT },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), text: out + err }),
    )
  })

it.each([
  [[], /One name is needed/],
  [['a', 'b'], /One name is needed/],
  [['Web'], /lower-case words joined by hyphens/],
  [['../../x'], /lower-case words joined by hyphens/],
  [['pod'], /There is a template pod already: dockers/],
  [['--force', 'a'], /--force/],
])('template:new %j is refused and writes nothing', async (args, reason) => {
  const before = await readdir(FOLDER)
  const { code, text } = await run(...args)
  expect([code, text]).toEqual([2, expect.stringMatching(reason)])
  expect(await readdir(FOLDER)).toEqual(before)
})

it('template:new says how it is used', async () => {
  expect(await run('--help')).toEqual({
    code: 0,
    text: expect.stringContaining('npm run template:new -- NAME'),
  })
})
