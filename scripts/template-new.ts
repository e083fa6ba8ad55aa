import { access, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { parseTemplate, templates } from '../dockers/08_k8s_mcp/src/templates/index.ts'

const HELP = `npm run template:new -- NAME

Starts a template: dockers/08_k8s_mcp/static/templates/NAME.yaml, which passes the checks and is served as /templates/NAME.
NAME is lower-case words joined by hyphens, such as web-application, and not taken.
`
const FOLDER = 'dockers/08_k8s_mcp/static/templates'

class Refusal extends Error {}

try {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  const [name, ...more] = positionals
  if (values.help) process.stdout.write(HELP)
  else if (name === undefined || more.length > 0) throw new Refusal('One name is needed.')
  else await start(name)
} catch (error) {
  const { code = '' } = error as NodeJS.ErrnoException
  if (!(error instanceof Refusal) && !code.startsWith('ERR_PARSE_ARGS')) throw error
  process.stderr.write(`${(error as Error).message}\n\n${HELP}`)
  process.exitCode = 2
}

async function start(name: string): Promise<void> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 63) {
    throw new Refusal('The name is not lower-case words joined by hyphens, at most 63 characters.')
  }
  const file = new URL(`../${FOLDER}/${name}.yaml`, import.meta.url)
  const taken = await access(file).then(
    () => true,
    () => false,
  )
  if (taken) throw new Refusal(`There is a template ${name} already: ${FOLDER}/${name}.yaml`)
  const text = starting(name, new Set((await templates()).map(({ title }) => title)))
  parseTemplate(name, text)
  await writeFile(file, text, { flag: 'wx' })
  process.stdout.write(`${FOLDER}/${name}.yaml is there. Next:

1. Write title, summary, group and notes, then the manifests; dockers/08_k8s_mcp/static/README.md has the format.
2. npm test -- dockers/08_k8s_mcp/test/templates   sends it to a real API server, with hostile values too.
3. npm run dev, then http://127.0.0.1:8008/templates/${name}   shows it as others see it.
`)
}

function starting(name: string, titles: ReadonlySet<string>): string {
  const words = name.replaceAll('-', ' ')
  const title = (words.charAt(0).toUpperCase() + words.slice(1)).slice(0, 50)
  return `title: "${titles.has(title) ? `${title} (new)` : title}"
summary: Say in one sentence what it makes and when one needs it.
group: configuration
notes:
  - Say what to know before it is applied.
parameters:
  name: { type: name, default: settings, description: Name of the ConfigMap }
  namespace: { type: name, description: Namespace; that of the context when left out }
  greeting: { type: text, default: Good morning, description: Value of GREETING }
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: \${name}
  namespace: \${namespace}
  labels:
    app.kubernetes.io/name: \${name}
data:
  GREETING: \${greeting}
`
}
