import { type ChildProcess, fork } from 'node:child_process'
import { Agent } from 'undici'
import type { Access } from './kubeconfig.ts'

/** Paths of one step are requested at once, steps one after the other. */
export type Steps = string[][]

export interface Order {
  id: number
  access: Access
  steps: Steps
  runs: number
}

interface Answer {
  id: number
  samples?: number[]
  error?: string
}

/** Bare API requests, timed inside a process of their own. */
export class Bare {
  readonly #access: Access
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<number[]>>()
  #orders = 0

  constructor(access: Access) {
    this.#access = access
    this.#child = fork(new URL('bare-process.ts', import.meta.url).pathname)
    this.#child.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      if (answer.samples) waiting?.resolve(answer.samples)
      else waiting?.reject(new Error(`bare request: ${answer.error}`))
    })
    this.#child.on('exit', (code) => {
      for (const one of this.#waiting.values()) one.reject(new Error(`the bare client ended with ${code}`))
    })
  }

  /** Milliseconds of each run. */
  times(steps: Steps, runs: number): Promise<number[]> {
    const order: Order = { id: ++this.#orders, access: this.#access, steps, runs }
    const waiting = Promise.withResolvers<number[]>()
    this.#waiting.set(order.id, waiting)
    this.#child.send(order)
    return waiting.promise
  }

  /** Names of cluster-wide objects, for questions that go over all of them. */
  async names(plural: string): Promise<string[]> {
    const { server, ca, cert, key } = this.#access
    const agent = new Agent({ connect: { ca, cert, key } })
    const reply = await agent.request({ origin: server, path: `/api/v1/${plural}`, method: 'GET' })
    const list = (await reply.body.json()) as { items: { metadata: { name: string } }[] }
    await agent.close()
    return list.items.map((item) => item.metadata.name)
  }

  [Symbol.dispose](): void {
    this.#child.kill()
  }
}

/** The list the servers ask for: printed by the API server, without objects. */
export function tablePath(namespace: string | undefined, plural = 'pods', selector?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${namespace}`
  const label = selector === undefined ? '' : `&labelSelector=${encodeURIComponent(selector)}`
  return `/api/v1${scope}/${plural}?includeObject=None${label}&limit=20000`
}
