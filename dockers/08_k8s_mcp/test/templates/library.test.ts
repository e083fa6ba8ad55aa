// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of templates
import { readdir } from 'node:fs/promises'
import { createSanitizer } from '@gatehouse/sanitizer'
import { describe, expect, it } from 'vitest'
import { fillTemplate, GROUPS, manifestYaml, template, templates } from '../../src/templates/index.ts'

const ALL = await templates()
const FOLDER = new URL('../../static/templates/', import.meta.url)

describe('the templates', () => {
  it('are all files of the folder, at least thirty, read once', async () => {
    const files = await readdir(FOLDER)
    expect(ALL.map(({ name }) => `${name}.yaml`).sort()).toEqual(files.sort())
    expect(ALL.length).toBeGreaterThanOrEqual(30)
    expect(await templates()).toBe(ALL)
  })

  it('have titles of their own, in groups that follow each other', () => {
    expect(new Set(ALL.map(({ title }) => title)).size).toBe(ALL.length)
    const groups = ALL.map(({ group }) => group)
    expect([...new Set(groups)]).toEqual([...GROUPS])
    expect(groups).toEqual(groups.toSorted((a, b) => GROUPS.indexOf(a) - GROUPS.indexOf(b)))
  })

  it.each(ALL.map((one) => [one.name, one] as const))(
    '%s has a name parameter, and text as it should be',
    (_name, one) => {
      const sanitizer = createSanitizer({ key: 'test' })
      const { title, summary, notes, parameters, documents } = one
      expect(parameters[0]?.name).toBe('name')
      const own = [title, summary, ...notes, ...parameters.map(({ description }) => description)]
      expect(own.join('\n')).not.toMatch(/\b(simply|just|please|easy|easily)\b/i)
      for (const text of [...own, manifestYaml(fillTemplate(one, {}))])
        expect(sanitizer.text(text)).toBe(text)
      // A namespace can be chosen wherever there is one.
      const chosen = JSON.stringify(documents).includes('"namespace":"${namespace}"')
      expect(parameters.some(({ name }) => name === 'namespace')).toBe(chosen)
    },
  )

  it('never put free text into a longer text, where it could mean something to a shell', () => {
    for (const { name, parameters, documents } of ALL) {
      for (const parameter of parameters.filter(({ type }) => type === 'text')) {
        const uses = [...JSON.stringify(documents).matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([use]) => use)
        const inLonger = uses.filter(
          (use) => use.includes(`\${${parameter.name}}`) && use !== `"\${${parameter.name}}"`,
        )
        expect([name, inLonger]).toEqual([name, []])
      }
    }
  })

  it('name a version of every image, and no registry', () => {
    const images = ALL.flatMap(({ parameters }) => parameters.filter(({ type }) => type === 'image'))
    expect(images.length).toBeGreaterThan(10)
    for (const { default: image } of images) expect(image).toMatch(/^[a-z-]+(\/[a-z-]+)?:\d+\.\d+$/)
  })
})

describe('one template', () => {
  it('is found by its name', async () => {
    expect((await template('pod')).title).toBe('Pod')
  })

  it.each([
    ['deploymnet', ['deployment']],
    ['../templates/pod', []],
    ['../../src/config', []],
    ['__proto__', []],
    ['pod.yaml', []],
    ['', []],
  ])('under the name %j is not there, and the nearest are named', async (name, near) => {
    const error = await template(name).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'NOT_FOUND', hint: 'GET /templates lists them' })
    expect((error as { data: { nearest: string[] } }).data.nearest).toEqual(expect.arrayContaining(near))
    expect((error as Error).message).not.toContain('..')
  })
})
