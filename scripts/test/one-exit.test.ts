import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createSanitizer, ownWords, type Sanitised } from '@gatehouse/sanitizer'
import { createLogger } from '@gatehouse/telemetry'
import type { Incoming, Reply, RestReply } from '@gatehouse/tools'
import { expect, it } from 'vitest'
import type { RestAppOptions } from '../../shared/host/src/http/rest-app.ts'
import { writeJson, writeText } from '../../shared/host/src/http/write.ts'

const root = new URL('../..', import.meta.url).pathname
// shared/testing is no part of a product.
const files = globSync('{shared,dockers}/*/src/**/*.ts', { cwd: root }).filter(
  (file) => !file.includes('node_modules') && !file.startsWith('shared/testing/'),
)

/** Code without comments and imports. */
const codeOf = (file: string) =>
  readFileSync(path.join(root, file), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$|\s\/\/ .*$|^import .*$/gm, '')

// Whatever hands bytes to the outside, to a file, or to a library that does. Requests to a cluster are
// the guard’s, and `store.write` is a transaction.
const WAYS_OUT = [
  /(?<!cluster)\.send\b|(?<!store)\.(?:end|write|emitWarning)\((?!\))/,
  /\b(?:writeHead|setHeader|appendHeader|writeSync|notify|setRequestHandler)\(/,
  /\b(?:writeFile|appendFile|copyFile|createWriteStream)(?:Sync)?\(/,
  /\bres(?:ponse)?\.(?:json|redirect|sendFile)\(/,
  /\bprocess\.(?:stdout|stderr)\b|\bconsole\./,
  /\b(?:pino|serveStdio|createMcpHandler)\(|\bnew (?:Response|ProtocolError|StdioServerTransport)\(/,
  /(?<![.#\w])fetch\(/,
]

/** Every file with a way out: how many lines, and why nothing unsanitised gets through them. */
const EXITS: Record<string, [lines: number, why: string]> = {
  'dockers/00_hub_mcp/src/door/forward.ts': [
    2,
    'a call to the server that owns its name; the hub’s own refusals go through writeJson',
  ],
  'dockers/00_hub_mcp/src/door/own-answers.ts': [
    12,
    'lists of our servers, which are their programs’; names that were asked for are sanitised, errors pass guardErrors',
  ],
  'dockers/00_hub_mcp/src/door/pass-on.ts': [
    5,
    'bytes of our servers, sanitised there, and a blank line; the hub’s own message is Sanitised',
  ],
  'dockers/00_hub_mcp/src/main.ts': [2, 'help, and errors that pass the sanitizer'],
  'dockers/00_hub_mcp/src/pages/pages.ts': [5, 'pages of Html and files of the program; constant headers'],
  'dockers/00_hub_mcp/src/upstream/exchange.ts': [1, 'a caller’s request, whole, to a server in hub.yaml'],
  'shared/host/src/http/write.ts': [1, 'the parameters are Sanitised'],
  'shared/host/src/http/mcp-route.ts': [1, 'the SDK’s handler, whose answers leave by web-answer.ts'],
  'shared/host/src/http/web-answer.ts': [
    4,
    'answers of the SDK: replies and lists are the door’s, errors pass guardErrors, refusals writeJson',
  ],
  'shared/host/src/http/correlation.ts': [1, 'an id that the sanitizer leaves as it is, or one of ours'],
  'shared/host/src/http/listener.ts': [1, 'a constant header'],
  'shared/host/src/http/refuse.ts': [3, 'constant headers and a number; the body goes through writeJson'],
  'shared/host/src/stdio.ts': [2, 'the door’s server on a transport whose errors the door guards'],
  'shared/telemetry/src/log.ts': [1, 'strings pass LogOptions.sanitise, whose result is Sanitised'],
  'shared/tools/src/doors/mcp.ts': [
    4,
    'members of a Reply; progress is Sanitised by Incoming; lists are the program’s',
  ],
  'shared/tools/src/doors/approval-link.ts': [
    1,
    'link and summary of a Reply, and a state this process signed',
  ],
  'shared/tools/src/doors/resources.ts': [
    4,
    'entries, texts and completions are Sanitised; templates are the program’s',
  ],
  'shared/tools/src/doors/guard-errors.ts': [2, 'sanitises the errors in what it passes on'],
  'shared/approvals/src/client/http-port.ts': [
    1,
    'a proposal, whole, to the process that owns the approvals',
  ],
  'shared/approvals/src/store/sqlite.ts': [1, 'the number of the process, beside the database'],
  'shared/audit/src/checkpoint.ts': [1, 'numbers and digests of the audit, signed'],
  'shared/audit/src/signing-key.ts': [2, 'the audit’s own key into its file, readable by its owner only'],
  'shared/approvals/src/store/seal.ts': [
    1,
    'the installation’s own key into its file, readable by its owner only',
  ],
  'dockers/08_k8s_mcp/src/main.ts': [2, 'help, and SettingErrors, which do not repeat values'],
  'shared/approvals/src/checkpointing.ts': [1, 'a checkpoint, see checkpoint.ts'],
  'shared/approvals/src/rollback.ts': [1, 'a checkpoint, see checkpoint.ts'],
  'shared/approvals/src/http/admin-api.ts': [2, 'the record, which is sanitised when it is written'],
  'shared/approvals/src/http/index.ts': [2, 'constant headers and one number'],
  'shared/approvals/src/http/login-routes.ts': [1, 'the cookie of a new session, to whoever logged in'],
  'shared/approvals/src/http/streams.ts': [2, 'ids and types of events only'],
  'shared/approvals/src/http/write.ts': [3, 'the parameters are Sanitised'],
  'shared/operations/src/executor/send.ts': [1, 'what was approved, to the cluster, through the guard'],
  'shared/operations/src/executor/settle.ts': [2, 'the same, see send.ts'],
  'dockers/09_remediation_mcp/src/approver-link.ts': [
    2,
    'a link for a terminal, or for a file only its owner reads',
  ],
  'dockers/09_remediation_mcp/src/kept-secret.ts': [
    1,
    'a secret into its own file, readable by its owner only',
  ],
  'dockers/09_remediation_mcp/src/main.ts': [3, 'help, and errors that pass the sanitizer'],
  'dockers/09_remediation_mcp/src/server.ts': [1, 'asks whether the owner lives'],
  'dockers/11_k8s_agent_mcp/src/main.ts': [3, 'help, a constant line, and SettingErrors'],
  'dockers/11_k8s_agent_mcp/src/summary/open-ai.ts': [1, 'asks a model about text that is Sanitised'],
}

it('bytes leave only where this list says why that is safe', () => {
  const found = files.flatMap((file) => {
    const places = codeOf(file)
      .split('\n')
      .filter((line) => WAYS_OUT.some((way) => way.test(line)))
    return places.length > 0 ? [[file, places.length] as const] : []
  })
  const listed = Object.entries(EXITS).map(([file, [places]]) => [file, places] as const)
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(listed))
})

it('only the sanitizer makes something Sanitised', () => {
  const wrong = files.filter(
    (file) =>
      !file.startsWith('shared/sanitizer/') &&
      /\bas (?:unknown as )?Sanitised|<Sanitised<[^>]*>>\(|\bbrand\(|\bownWords\(|sanitised\.ts'/.test(
        codeOf(file),
      ),
  )
  expect(wrong).toEqual([])
})

it('nothing in a product gets around types', () => {
  expect(
    files.filter((file) => /\bas (?:any|never)\b|@ts-(?:ignore|nocheck|expect)/.test(codeOf(file))),
  ).toEqual([])
})

it('no door takes a plain string', () => {
  expect(refused).toBeTypeOf('function')
  const clean = createSanitizer({ key: 'k' }).text('said')
  expect(ownWords`they ${clean} ${2}`).toBe('they said 2')
})

// Never called: tsc is the test. It refuses the line below each comment, and complains when it no longer does.
function refused(raw: string, clean: Sanitised<string>, response: Parameters<typeof writeText>[0]) {
  const data: Record<string, unknown> = { raw }
  // @ts-expect-error text of the host
  writeText(response, 200, raw)
  // @ts-expect-error data of the host
  writeJson(response, 200, data)
  // @ts-expect-error text that is only partly sanitised
  writeText(response, 200, `${clean} ${raw}`)
  // @ts-expect-error words of the program with anything in between
  ownWords`said: ${raw}`
  // @ts-expect-error words that do not stand in the source
  ownWords([raw])
  // @ts-expect-error text of a reply
  const text: Reply['text'] = raw
  // @ts-expect-error data of a reply
  const structured: Reply['structured'] = data
  // @ts-expect-error body over REST
  const body: RestReply['body'] = data
  // @ts-expect-error an open document
  const documents: RestAppOptions['documents'] = { '/': () => data }
  const told = (progress: NonNullable<Incoming['progress']>) => {
    // @ts-expect-error progress
    progress(raw)
    progress(clean)
  }
  // @ts-expect-error a logger without a sanitizer
  createLogger({ service: 'x', version: '1', sanitise: (line) => line })
  return { text, structured, body, documents, told }
}
