import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createSanitizer } from '../src/index.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const sanitizer = createSanitizer({ key: 'test key' })
// The page about this package names what patterns are made for.
const documents = readdirSync(`${ROOT}docs`)
  .filter((name) => name.endsWith('.md') && name !== 'sanitizer.md')
  .map((name) => `docs/${name}`)

// Hints that are turned into marks help nobody; what these files show are placeholders.
test.each(['shared/errors/src/catalogue.ts', 'README.md', ...documents])('%s stays as it is', (name) => {
  const text = readFileSync(`${ROOT}${name}`, 'utf8')
  expect(touched(text)).toEqual([])
})

test.each([
  'Send "Authorization: Bearer <token>"',
  'Send "Authorization: Bearer <token>": the approver’s token to read and decide',
  'Send "Authorization: Bearer <MCP_TOKEN>" with every request',
  'run with <token>. Then <password> follows',
  'https://api.example/<token>/hook',
  `{ "Authorization": "Bearer \${env:MCP_TOKEN}", "x": 1 }`,
  'export MCP_TOKEN=$(openssl rand -hex 32)',
  'Open without a token: `/`, `/status`',
  'http://127.0.0.1:APPROVAL_PORT',
  'docker login -u x --password-stdin r.io',
  '{"password":["must be at least 8 characters"]}',
  "required: ['password', 'email']",
  '<label for="token">Approver token</label><button name="token">Send</button>',
  '<add key="log.level" value="debug" />',
])('no mark in %s', (text) => {
  expect(sanitizer.text(text)).toBe(text)
})

function touched(text: string): string[] {
  const alone = text.split('\n').filter((line) => sanitizer.text(line) !== line)
  return sanitizer.text(text) === text ? alone : ['the whole text', ...alone]
}
