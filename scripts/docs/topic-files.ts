import { readdir, readFile } from 'node:fs/promises'
import { GROUPS, parseTopic, type Topic } from '../../dockers/08_k8s_mcp/src/documentation/topic.ts'

const FOLDER = new URL('../../dockers/08_k8s_mcp/static/docs/', import.meta.url)

/** Every topic that can be read, and what is wrong with the others. */
export async function readTopicFiles(): Promise<{ topics: Topic[]; problems: string[] }> {
  const topics: Topic[] = []
  const problems: string[] = []
  const groups: string[] = await readdir(FOLDER)
  for (const unknown of groups.filter((group) => !GROUPS.some((one) => one === group))) {
    problems.push(`static/docs/${unknown}: is none of the groups ${GROUPS.join(', ')}`)
  }
  for (const group of GROUPS) {
    const files = groups.includes(group) ? await readdir(new URL(`${group}/`, FOLDER)) : []
    for (const file of files) {
      try {
        const text = await readFile(new URL(`${group}/${file}`, FOLDER), 'utf8')
        if (!file.endsWith('.md')) throw new Error('is no Markdown file')
        if (topics.some((one) => `${one.name}.md` === file)) throw new Error('has the name of another topic')
        topics.push(parseTopic(group, file.slice(0, -3), text))
      } catch (error) {
        problems.push(`static/docs/${group}/${file}: ${(error as Error).message}`)
      }
    }
  }
  return { topics, problems }
}
