import { globSync } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import path from 'node:path'

const ROOT = new URL('../..', import.meta.url).pathname

/** Links of the repository's own Markdown to files that are not there, as `file: what`. Topics are checked elsewhere. */
export async function brokenLinks(): Promise<string[]> {
  const files = globSync(['*.md', '{docs,deploy,shared,dockers,scripts}/**/*.md'], { cwd: ROOT }).filter(
    (file) => !/node_modules|\/static\/docs\//.test(file),
  )
  const problems = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.join(ROOT, file), 'utf8')
      const links = [...text.replaceAll(/```.*?```|`[^`]*`/gs, '').matchAll(/\]\(([^)\s]+)\)/g)]
      const missing = await Promise.all(links.map(async ([, link = '']) => isMissing(file, link)))
      return links.flatMap(([, link], index) =>
        missing[index] ? [`${file}: link ${link} leads nowhere`] : [],
      )
    }),
  )
  return problems.flat()
}

async function isMissing(file: string, link: string): Promise<boolean> {
  const [target = ''] = link.split('#')
  if (target === '' || /^[a-z]+:/.test(target)) return false
  const at = path.join(ROOT, path.dirname(file), decodeURIComponent(target))
  return access(at).then(
    () => false,
    () => true,
  )
}
