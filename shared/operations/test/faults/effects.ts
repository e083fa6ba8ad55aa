import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { createInterface } from 'node:readline'
import { eventually } from '@gatehouse/testing'
import { load } from 'js-yaml'
import { MARKER } from '../../src/marker.ts'
import type { KubeJson } from '../harness.ts'

interface Version {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  uid: string
  mark: string | undefined
  object: KubeJson
}

/** Sees every version of every object of some kinds in one namespace, over connections of its own. */
export interface Effects extends AsyncDisposable {
  versions(name: string): Version[]
  /** How often a mark was put on an object that did not carry it. */
  count(name: string, marker: string): number
  /** How often an object of that uid ended. */
  ended(name: string, uid: string): number
  /** Keeps nothing more of an object. */
  forget(name: string): void
  /** Waits until the watch has seen an object's present version; undefined: that there is none. */
  upTo(name: string, resourceVersion: string | undefined): Promise<void>
}

/** Starts to watch. `paths`: collections, such as /api/v1/namespaces/x/configmaps. */
export async function watchEffects(kubeconfig: string, paths: string[]): Promise<Effects> {
  const config = load(await readFile(kubeconfig, 'utf8')) as KubeJson
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster
  const { 'client-certificate-data': cert, 'client-key-data': key } = config.users[0].user
  const pem = (text: string) => Buffer.from(text, 'base64')
  const agent = new Agent({ ca: pem(ca), cert: pem(cert), key: pem(key) })
  const seen = new Map<string, Version[]>()
  const open = (path: string) =>
    new Promise<import('node:http').ClientRequest>((resolve, reject) => {
      const url = new URL(`${path}?watch=true&resourceVersion=0`, server)
      const sent = request(url, { agent, headers: { accept: 'application/json' } })
      sent.on('error', reject)
      sent.on('response', (reply) => {
        resolve(sent)
        reply.on('error', () => {})
        const lines = createInterface({ input: reply })
        lines.on('error', () => {})
        lines.on('line', (line) => {
          const { type, object } = JSON.parse(line)
          const { name, uid, annotations } = object.metadata
          const versions = seen.get(name) ?? []
          versions.push({ type, uid, mark: annotations?.[MARKER], object })
          seen.set(name, versions)
        })
      })
      sent.end()
    })
  const watches = await Promise.all(paths.map(open))
  const versions = (name: string) => seen.get(name) ?? []
  return {
    versions,
    count(name, marker) {
      let before: string | undefined
      let effects = 0
      for (const { type, mark } of versions(name)) {
        if (type !== 'DELETED' && mark === marker && before !== marker) effects++
        before = type === 'DELETED' ? undefined : mark
      }
      return effects
    },
    ended: (name, uid) => versions(name).filter((one) => one.type === 'DELETED' && one.uid === uid).length,
    forget: (name) => void seen.delete(name),
    async upTo(name, resourceVersion) {
      await eventually(
        `version ${resourceVersion} of ${name} was seen`,
        async () => {
          const last = versions(name).at(-1)
          if (resourceVersion === undefined) return last === undefined || last.type === 'DELETED'
          // Or a later one: its controllers do not wait for us.
          return versions(name).some(({ object }) => object.metadata.resourceVersion === resourceVersion)
        },
        { interval: 20 },
      )
    },
    [Symbol.asyncDispose]: async () => {
      for (const watch of watches) watch.destroy()
      agent.destroy()
    },
  }
}
