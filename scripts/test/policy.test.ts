import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { sharedCluster } from '@gatehouse/testing'
import { afterAll, describe, expect, it } from 'vitest'

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'policy-'))
afterAll(() => rmSync(folder, { recursive: true }))

function policy(args: string[], environment: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', ...environment }
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, 'policy', ...args], {
    env,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

describe('npm run policy', () => {
  it.each<[string, number, RegExp]>([
    ['kubectl scale deployment web --replicas=0', 0, /level 2, one person[\s\S]*scaled to zero/],
    ['get pods', 0, /a read/],
    ['delete namespace shop', 3, /denied[\s\S]*never deleted/],
    ['{"type":"delete","target":{"kind":"Pod","name":"a","namespace":"kube-system"}}', 3, /kube-system/],
    ['get pods | sh', 1, /pipes/],
    ['delete widget a', 1, /set KUBECONFIG/],
  ])('explain %s', (text, status, output) => {
    const found = policy(['explain', text])
    expect(found.output).toMatch(output)
    expect(found.status).toBe(status)
  })

  it('check names what is wrong, and where', () => {
    const file = path.join(folder, 'bad.yaml')
    writeFileSync(file, 'version: 1\nallow:\n  exek: true\n')
    expect(policy(['check', file])).toMatchObject({
      status: 1,
      output: expect.stringMatching(/bad\.yaml: allow: .*exek/),
    })
    writeFileSync(file, 'version: 1\n')
    expect(policy(['check', file])).toMatchObject({
      status: 0,
      output: expect.stringMatching(/is good[\s\S]*sha256:/),
    })
  })

  it('explain on a cluster judges what would really change', async () => {
    const cluster = await sharedCluster()
    const namespace = await cluster.freshNamespace('explain')
    await cluster.kubectl(['create', 'deployment', 'web', '--image=nginx:1', '-n', namespace])
    const explain = (patch: string) =>
      policy(['explain', `patch deployment web -n ${namespace} -p '${patch}'`], {
        KUBECONFIG: cluster.kubeconfig,
      })
    const privileged =
      '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","securityContext":{"privileged":true}}]}}}}'
    expect(explain(privileged)).toMatchObject({
      status: 3,
      output: expect.stringMatching(/nginx\] privileged/),
    })
    expect(explain('{"metadata":{"annotations":{"a":"b"}}}')).toMatchObject({ status: 0 })
    expect(await cluster.kubectl(['get', 'deployment', 'web', '-n', namespace, '-o', 'yaml'])).not.toContain(
      'privileged',
    )
  })
})
