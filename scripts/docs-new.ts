import { access, mkdir, writeFile } from 'node:fs/promises'
import { GROUPS, HEADINGS } from '../dockers/08_k8s_mcp/src/documentation/topic.ts'
import { readTopicFiles } from './docs/topic-files.ts'

const HELP = `npm run docs:new -- <group>/<topic>

Starts a topic of the documentation on port 8008: static/docs/<group>/<topic>.md with its header and headings.
Groups: ${GROUPS.join(', ')}. Names are lower-case words joined by hyphens, unique over all groups.
`
const USAGE_ERROR = 2
const STATIC = new URL('../dockers/08_k8s_mcp/static/docs/', import.meta.url)

const [place = ''] = process.argv.slice(2)
if (place === '--help') console.log(HELP)
else if (place === '') refuse('Name the topic, such as operating/slow-starts')
else await start(place)

async function start(wanted: string): Promise<void> {
  const [, group, name] = /^([a-z]+)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(wanted) ?? []
  const known = GROUPS.find((one) => one === group)
  if (!known || name === undefined) {
    refuse(`"${wanted}" is not <group>/<topic> with a group of ${GROUPS.join(', ')}`)
    return
  }
  const { topics } = await readTopicFiles()
  const taken = topics.find((one) => one.name === name)
  const file = new URL(`${known}/${name}.md`, STATIC)
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (taken || exists) {
    refuse(`There is a topic ${name} already (${taken?.group ?? known}); names are unique over all groups`)
    return
  }
  await mkdir(new URL(`${known}/`, STATIC), { recursive: true })
  await writeFile(file, skeleton(name), { flag: 'wx' })
  console.log(`dockers/08_k8s_mcp/static/docs/${known}/${name}.md is there; write it, then:

  npm run docs:check                              says what is missing
  npm test -- dockers/08_k8s_mcp/test/documentation  sends its manifests to a real API server

dockers/08_k8s_mcp/static/README.md has the rules.`)
}

function skeleton(name: string): string {
  const title = name.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase())
  const sections = HEADINGS.map((heading) => `## ${heading}\n`).join('\n')
  return `---
title: ${title}
summary: One sentence of 20 to 200 characters that says what a reader finds here.
kinds: []
see: [pods]
---

${sections}`
}

function refuse(problem: string): void {
  console.error(`${problem}\nSee "npm run docs:new -- --help".`)
  process.exitCode = USAGE_ERROR
}
