import { readdir } from 'node:fs/promises'
import { lexer, type MarkedToken, type Token, walkTokens } from 'marked'
import { slug } from '../../dockers/08_k8s_mcp/src/documentation/markdown.ts'
import { HEADINGS, type Topic } from '../../dockers/08_k8s_mcp/src/documentation/topic.ts'
import { tools } from '../../dockers/08_k8s_mcp/src/tools/index.ts'
import { createSanitizer } from '../../shared/sanitizer/src/index.ts'
import { unknownReference } from './reference-links.ts'

const FEWEST = 1_500
const MOST = 8_000
const WORDS = /\b(simply|just|please|easy|easily|obviously|of course|e\.g\.|i\.e\.|etc\.)(?!\w)/i
const TEMPLATES = new URL('../../dockers/08_k8s_mcp/static/templates/', import.meta.url)

interface Known {
  topics: readonly Topic[]
  templates: readonly string[]
}

/** What is wrong with topics, as `file: what`. */
export async function topicProblems(topics: readonly Topic[]): Promise<string[]> {
  const files = await readdir(TEMPLATES)
  const templates = files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5))
  const problems: string[] = []
  for (const topic of topics) {
    const found = await problemsOf(topic, { topics, templates })
    problems.push(...found.map((what) => `static/docs/${topic.group}/${topic.name}.md: ${what}`))
  }
  return problems
}

async function problemsOf(topic: Topic, known: Known): Promise<string[]> {
  const tokens = lexer(topic.body)
  const all = everyToken(tokens)
  const words = all.flatMap((token) => (token.type === 'text' ? [token.text] : []))
  const calls = all.flatMap((token) =>
    token.type === 'code' && token.lang?.startsWith('tool ') ? [token] : [],
  )
  const references = topic.kinds.map((kind) => `/api/${kind.split('/').length === 2 ? `core/${kind}` : kind}`)
  const links = all.flatMap((token) => (token.type === 'link' ? [token.href] : []))
  return [
    ...shapeOf(topic, tokens),
    ...all.flatMap((token) =>
      token.type === 'html' || token.type === 'image' ? [`"${token.raw.trim()}" is no part of a topic`] : [],
    ),
    ...words.flatMap((text) => WORDS.exec(text)?.[1] ?? []).map((word) => `"${word}" says nothing`),
    ...calls.flatMap((call) => callProblems(call.lang?.split(' ')[1] ?? '', call.text)),
    ...(
      await Promise.all([...references, ...links].map((link) => linkProblem(link, headingsOf(tokens), known)))
    ).flat(),
    ...nameProblems(topic, known),
    ...secretProblems(topic),
  ]
}

function everyToken(tokens: readonly Token[]): MarkedToken[] {
  const all: MarkedToken[] = []
  // It calls back at once; what it returns is for callbacks that are asynchronous.
  void walkTokens([...tokens], (token) => {
    all.push(token as MarkedToken)
  })
  return all
}

function shapeOf({ body, see, name }: Topic, tokens: readonly Token[]): string[] {
  const headings = (tokens as MarkedToken[]).flatMap((token) =>
    token.type === 'heading' && token.depth < 3 ? [token.text] : [],
  )
  const wanted = HEADINGS.join(', ')
  return [
    ...(headings.join(', ') === wanted
      ? []
      : [`its headings are ${headings.join(', ')}; they are ${wanted}`]),
    ...(body.length < FEWEST ? [`has ${body.length} characters; ${FEWEST} are the fewest`] : []),
    ...(body.length > MOST ? [`has ${body.length} characters; ${MOST} are the most`] : []),
    ...(see.includes(name) ? ['"see" names the topic itself'] : []),
  ]
}

function callProblems(name: string, text: string): string[] {
  const tool = tools.find((one) => one.name === name)
  if (!tool) return [`there is no tool ${name}`]
  try {
    const { error } = tool.input.strict().safeParse(JSON.parse(text || '{}'))
    return (error?.issues ?? []).map(
      (issue: { path: PropertyKey[]; message: string }) =>
        `call of ${name}: ${issue.path.join('.')} ${issue.message}`,
    )
  } catch {
    return [`call of ${name}: its input is not JSON`]
  }
}

function nameProblems({ see, template }: Topic, { topics, templates }: Known): string[] {
  return [
    ...see
      .filter((name) => !topics.some((one) => one.name === name))
      .map((name) => `there is no topic ${name}`),
    ...(template && !templates.includes(template) ? [`there is no template ${template}`] : []),
  ]
}

async function linkProblem(link: string, headings: readonly string[], known: Known): Promise<string[]> {
  const [path = '', fragment] = link.split('#')
  const topic = /^\/docs\/([^/?]+)$/.exec(path)?.[1]
  const template = /^\/templates\/([^/?]+)/.exec(path)?.[1]
  const target = known.topics.find((one) => one.name === topic)
  const wrong = [`link ${link} leads nowhere`]
  if (path === '') return headings.includes(fragment ?? '') ? [] : wrong
  if (topic !== undefined) {
    const below = target ? headingsOf(lexer(target.body)) : []
    return target && (fragment === undefined || below.includes(fragment)) ? [] : wrong
  }
  if (template !== undefined) return known.templates.includes(template) ? [] : wrong
  if (path.startsWith('/api/')) {
    const problem = await unknownReference(link)
    return problem ? [`link ${link}: ${problem}`] : []
  }
  return /^\/(docs|api|templates|search|status)?(\?[^/]*)?$/.test(path) ? [] : wrong
}

function headingsOf(tokens: readonly Token[]): string[] {
  return (tokens as MarkedToken[]).flatMap((token) => (token.type === 'heading' ? [slug(token.text)] : []))
}

// Whatever the sanitizer takes for a credential would be masked on the page.
const sanitizer = createSanitizer({ key: 'documentation' })
function secretProblems({ body, title, summary }: Topic): string[] {
  return [title, summary, ...body.split('\n')]
    .filter((line) => sanitizer.text(line) !== line)
    .map((line) => `looks like a credential: "${sanitizer.text(line)}"`)
}
