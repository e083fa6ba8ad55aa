import { type Api, create } from './api.ts'
import {
  apiServerFlags,
  controllerManagerFlags,
  etcdFlags,
  kwokFlags,
  type Ports,
  schedulerFlags,
} from './control-plane.ts'
import { eventually } from './eventually.ts'
import { kubeletResources, writeDefaultLogs } from './logs.ts'
import { LOGS_DEFINITION } from './logs-definition.ts'
import { createNodes, nodesReady } from './nodes.ts'
import type { Program, Programs } from './processes.ts'
import { writeKwokConfig } from './stages.ts'

/** What the steps of a start share. */
export type Site = {
  dir: string
  ports: Ports
  programs: Programs
  api: Api
  nodes: number
  controllers: boolean
}

/** Starts every program in the order in which they need each other and waits until pods can be created. */
export async function boot(site: Site): Promise<Program> {
  const { dir, ports, programs, api, nodes, controllers } = site
  programs.start('etcd', etcdFlags(dir, ports))
  const server = await startApiServer(site)
  if (controllers) {
    programs.start('kube-controller-manager', controllerManagerFlags(dir))
    programs.start('kube-scheduler', schedulerFlags(dir))
  }
  await writeDefaultLogs(dir)
  await writeKwokConfig(dir, kubeletResources(dir))
  await create(api, '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', LOGS_DEFINITION)
  await createNodes(api, nodes)
  await answers(site, 'the resource for pod logs', '/apis/kwok.x-k8s.io/v1alpha1/logs')
  programs.start('kwok', kwokFlags(dir, ports))
  const patience = { timeout: 60_000, meanwhile: programs.assertRunning }
  await eventually('nodes are Ready', () => nodesReady(api, nodes, controllers), patience)
  // Without it every pod is refused: the controller makes it a few seconds after its namespace.
  if (controllers)
    await answers(site, 'the default service account', '/api/v1/namespaces/default/serviceaccounts/default')
  return server
}

/** Starts the API server and waits until it says it is ready. */
export async function startApiServer(site: Site): Promise<Program> {
  const server = site.programs.start('kube-apiserver', apiServerFlags(site.dir, site.ports, site.controllers))
  await answers(site, 'the API server', '/readyz')
  return server
}

async function answers({ api, programs }: Site, what: string, path: string): Promise<void> {
  await eventually(what, async () => (await api.call('GET', path)).status === 200, {
    timeout: 60_000,
    interval: 50,
    meanwhile: programs.assertRunning,
  })
}
