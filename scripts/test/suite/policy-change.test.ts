import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sharedCluster } from '@gatehouse/testing'
import { expect, it } from 'vitest'
import { startSuite } from './suite.ts'

const cluster = await sharedCluster()

it('what was asked for under one policy is judged again under the one that holds when it is carried out', async () => {
  const namespace = await cluster.freshNamespace('tightened')
  await cluster.kubectl(['create', 'deployment', 'web', '--image=nginx:1.26', '-n', namespace])
  const stateDir = mkdtempSync(path.join(tmpdir(), 'gatehouse-policy-'))
  const scale = async (replicas: number) => {
    await using suite = await startSuite({ kubeconfig: cluster.kubeconfig, stateDir })
    const asked = await suite.tool('infra.k8s.deployments.scaleDeployment', {
      name: 'web',
      namespace,
      replicas,
    })
    expect(asked.status, JSON.stringify(asked.body)).toBe(202)
    return String(asked.body.requestId)
  }
  const requestId = await scale(3)

  const file = path.join(stateDir, 'policy.yaml')
  const rule = '{ name: freeze, when: "change.replicasAfter > 2", deny: frozen until Monday }'
  writeFileSync(file, `version: 1\nrules: [${rule}]\n`)
  await using suite = await startSuite({
    kubeconfig: cluster.kubeconfig,
    stateDir,
    env: { POLICY_FILE: file },
  })
  await suite.approve(requestId)
  const ended = await suite.ended(requestId)
  expect(ended.state).toBe('blocked')
  expect(JSON.stringify(ended)).toContain('frozen until Monday')
  const replicas = ['get', 'deployment', 'web', '-n', namespace, '-o', 'jsonpath={.spec.replicas}']
  expect(await cluster.kubectl(replicas)).toBe('1')
})
