import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eventually } from '@gatehouse/testing'
import { type ServerProcess, startServer } from '@gatehouse/testing/mcp'

const mainOf = (folder: string) => new URL(`../../${folder}/src/main.ts`, import.meta.url).pathname

export interface RunningHub extends AsyncDisposable {
  url: string
  process: ServerProcess
  /** Writes hub.yaml anew. */
  write(registry: unknown): void
  health(): Promise<Health>
  /** Waits until every server that is not down for good is up. */
  ready(...ids: string[]): Promise<void>
}

interface Health {
  state: string
  tools: number
  registry?: string
  servers: { id: string; state: string; reason?: string; tools: number; conflicts?: number }[]
}

/** The hub as a process of its own, over a registry in a folder of its own. JSON is YAML. */
export async function startHub(registry: unknown, env: Record<string, string> = {}): Promise<RunningHub> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-hub-'))
  const file = path.join(folder, 'hub.yaml')
  const write = (value: unknown) =>
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  write(registry)
  const server = await startServer({
    main: mainOf('00_hub_mcp'),
    env: { HUB_PORT: '0', HUB_FILE: file, ...env },
  })
  const health = async (): Promise<Health> => (await (await fetch(`${server.url}/health`)).json()) as Health
  return {
    url: server.url,
    process: server,
    write,
    health,
    ready: async (...ids) => {
      await eventually(`${ids.join()} up`, async () => {
        const { servers } = await health()
        const up = servers.filter(({ state }) => state === 'up').map(({ id }) => id)
        const waiting = ids.filter((id) => !up.includes(id))
        if (waiting.length > 0) throw new Error(JSON.stringify(servers))
        return true
      })
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** 08 as a process of its own. */
export function startK8s(env: Record<string, string> = {}): Promise<ServerProcess> {
  return startServer({ main: mainOf('08_k8s_mcp'), env })
}

export const K8S = { id: '08_k8s_mcp', prefixes: ['infra.k8s'] }
