import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { load } from 'js-yaml'
import { manifestYaml } from '../../src/templates/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects are asserted field by field
export type Json = any

interface Reply {
  status: number
  body: Json
  /** What kubectl would print as warnings. */
  warnings: string
}

/** Sends YAML to the API server as a server-side apply that changes nothing. */
export interface DryRun {
  /** The object as this template writes it, read from YAML by the API server itself. */
  apply(object: object): Promise<Reply>
  namespace: string
}

export async function dryRunAgainst(kubeconfig: string, namespace: string): Promise<DryRun> {
  const send = await connect(kubeconfig)
  const known = new Map<string, Promise<Json>>()
  const resources = (path: string): Promise<Json> => {
    const asked = known.get(path) ?? send('GET', path).then(({ body }) => body.resources)
    known.set(path, asked)
    return asked
  }
  const pathOf = async ({ apiVersion, kind, metadata }: Json): Promise<string> => {
    const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
    const resource = (await resources(root)).find((one: Json) => one.kind === kind && !one.name.includes('/'))
    const scope = resource.namespaced ? `/namespaces/${metadata.namespace ?? namespace}` : ''
    return `${root}${scope}/${resource.name}/${metadata.name}`
  }
  return {
    namespace,
    apply: async (object) =>
      send(
        'PATCH',
        `${await pathOf(object)}?dryRun=All&fieldManager=template&fieldValidation=Strict`,
        manifestYaml([object]),
      ),
  }
}

type Send = (method: string, path: string, yaml?: string) => Promise<Reply>

async function connect(kubeconfig: string): Promise<Send> {
  const config = load(await readFile(kubeconfig, 'utf8')) as Json
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster
  const { 'client-certificate-data': cert, 'client-key-data': key } = config.users[0].user
  const pem = (text: string) => Buffer.from(text, 'base64')
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca: pem(ca), cert: pem(cert), key: pem(key) })
  return (method, path, yaml) =>
    new Promise((resolve, reject) => {
      const type = yaml === undefined ? {} : { 'content-type': 'application/apply-patch+yaml' }
      const headers = { accept: 'application/json', ...type }
      const sent = request(new URL(path, server), { method, agent, headers }, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('end', () => {
          const { statusCode: status = 0, headers: answered } = reply
          const text = Buffer.concat(chunks).toString()
          // What goes wrong before the API machinery, such as an unknown path, is answered as text.
          const body = answered['content-type'] === 'application/json' ? JSON.parse(text) : { message: text }
          resolve({ status, body, warnings: String(answered.warning ?? '') })
        })
      })
      sent.on('error', reject)
      sent.end(yaml)
    })
}

/** With everything in the test's own namespace: one that a template makes is not there in a dry run. */
export function placed(objects: readonly Json[], namespace: string): Json[] {
  const made = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)
  return objects.map((object) =>
    made.includes(object.metadata.namespace)
      ? { ...object, metadata: { ...object.metadata, namespace } }
      : object,
  )
}

/** Every leaf of what was sent that the reply does not hold at the same place. False may come back as nothing. */
export function lost(sent: Json, got: Json, path = ''): string[] {
  if (sent === false && got === undefined) return []
  if (sent === null || typeof sent !== 'object') {
    return sent === got || (amount(sent) !== undefined && amount(sent) === amount(got))
      ? []
      : [`${path}: ${got}`]
  }
  if (Array.isArray(sent) && sent.length !== got?.length) return [`${path}: ${got?.length} items`]
  return Object.entries(sent).flatMap(([key, value]) => lost(value, got?.[key], `${path}/${key}`))
}

const UNITS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
}

/** Of a quantity, which comes back in another form: 0.5 as 500m. */
function amount(quantity: unknown): number | undefined {
  const found = /^(\d+(?:\.\d+)?(?:[eE]\d+)?)([numkMGTPE]?)(i?)$/.exec(String(quantity))
  if (!found) return undefined
  const [, number, unit = '', binary] = found
  const power = ' KMGTPE'.indexOf(unit)
  return Number(number) * (unit === '' ? 1 : binary ? 1024 ** power : (UNITS[unit] ?? Number.NaN))
}

/** The places of all leaves, without the values: two objects of one shape differ in values alone. */
export function shape(object: Json, path = ''): string[] {
  if (path === '/metadata/managedFields') return []
  if (object === null || typeof object !== 'object') return [path]
  const below = Object.entries(object).flatMap(([key, value]) => shape(value, `${path}/${key}`))
  return below.length > 0 ? below.sort() : [`${path}/`]
}
