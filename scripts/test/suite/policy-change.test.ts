import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sharedCluster } from '@gatehouse/testing'
import { expect, it } from 'vitest'
import { startSuite } from './suite.ts'

const cluster = await sharedCluster()

it('what was asked for under one policy is judged again under the one that holds when it is carried out', async () => {
  const namespace = await cluster.freshNamespace('tightened')
  await cluster.kubectl(['create', 'configmap', 'settings', '--from-literal=mode=a', '-n', namespace])
  const stateDir = mkdtempSync(path.join(tmpdir(), 'gatehouse-policy-'))
  const ask = async () => {
    await using suite = await startSuite({ kubeconfig: cluster.kubeconfig, stateDir })
    const change = { kind: 'ConfigMap', name: 'settings', namespace, patch: { data: { mode: 'b' } } }
    const asked = await suite.tool('infra.k8s.resources.patchResource', change)
    expect(asked.status, JSON.stringify(asked.body)).toBe(202)
    return String(asked.body.requestId)
  }
  const requestId = await ask()

  const file = path.join(stateDir, 'policy.yaml')
  const rule = `{ name: freeze, when: "change.kind == 'ConfigMap'", deny: frozen until Monday }`
  writeFileSync(file, `version: 1\nrules: [${rule}]\n`)
  await using suite = await startSuite({
    kubeconfig: cluster.kubeconfig,
    stateDir,
    env: { POLICY_FILE: file },
  })
  await suite.approve(requestId)
  const ended = await suite.ended(requestId)
  expect(ended.state, JSON.stringify(ended)).toBe('blocked')
  expect(JSON.stringify(ended)).toContain('frozen until Monday')
  const mode = ['get', 'configmap', 'settings', '-n', namespace, '-o', 'jsonpath={.data.mode}']
  expect(await cluster.kubectl(mode)).toBe('a')
})
