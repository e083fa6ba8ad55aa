import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { contractSuite } from '@gatehouse/testing/contract'
import { startServer } from '@gatehouse/testing/mcp'
import { tools } from '../src/tools/index.ts'

const main = new URL('../src/main.ts', import.meta.url).pathname

contractSuite({
  name: '09_remediation_mcp',
  tools,
  hostPrefix: 'mcp__gatehouse-remediation__',
  tokens: { all: 700, essential: 10 },
  start: async () => {
    const stateDir = mkdtempSync(path.join(tmpdir(), 'gatehouse-contract-'))
    const server = await startServer({
      main,
      env: { STATE_DIR: stateDir, REMEDIATION_PORT: '0', APPROVAL_PORT: '0' },
    })
    return {
      url: server.url,
      close: async () => {
        await server.stop()
        rmSync(stateDir, { recursive: true, force: true })
      },
    }
  },
})
