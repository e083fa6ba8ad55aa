import { GROUPS } from '../dockers/08_k8s_mcp/src/documentation/topic.ts'
import { brokenLinks } from './docs/repository-links.ts'
import { readTopicFiles } from './docs/topic-files.ts'
import { topicProblems } from './docs/topic-problems.ts'

/** `npm run docs-check`: topics, templates and links, part of `npm run check`. Prints `file: what is wrong`. */
if (process.argv.includes('--help')) {
  console.log(
    `npm run docs:check\n\nChecks topics (${GROUPS.join(', ')}), what they link to and call, and the links of all Markdown files.`,
  )
} else {
  const { topics, problems } = await readTopicFiles()
  const found = [...problems, ...(await topicProblems(topics)), ...(await brokenLinks())]
  for (const problem of found) console.error(problem)
  if (found.length > 0) process.exitCode = 1
  else console.log(`documentation: ${topics.length} topics, nothing to mend`)
}
