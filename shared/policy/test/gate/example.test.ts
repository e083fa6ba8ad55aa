import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { decide, loadPolicy } from '../../src/gate/index.ts'
import { change, core, pods } from './change.ts'

const example = await loadPolicy(path.resolve(import.meta.dirname, '../../../../docs/policy.example.yaml'))

describe('docs/policy.example.yaml', () => {
  it('loads, and every rule does what its name says', () => {
    const image = (after: string) => pods({ images: [{ container: 'a', before: null, after }] })
    expect(decide(change({ pods: image('registry.example.com/a:1') }), example)).toMatchObject({ level: 1 })
    expect(decide(change({ pods: image('registry.example.com/a:latest') }), example)).toHaveProperty('denied')
    expect(decide(change({ pods: image('docker.io/a:1') }), example)).toMatchObject({
      level: 2,
      rules: ['rule own-registry'],
    })
    expect(decide(change({ replicas: { before: 1, after: 21 } }), example)).toMatchObject({ approvers: 2 })
    const exec = (command: string[]) => change({ ...core('Pod', 'pods'), type: 'exec', command })
    expect(decide(exec(['ls', '/bin']), example)).toMatchObject({ level: 2 })
    expect(decide(exec(['/bin/bash', '-c', 'x']), example)).toHaveProperty('denied')
    expect(decide(change({ namespace: 'prod-eu', type: 'delete' }), example)).toMatchObject({
      level: 3,
      approvers: 2,
    })
    expect(decide(change({ namespace: 'payments-eu' }), example)).toHaveProperty('denied')
  })
})
