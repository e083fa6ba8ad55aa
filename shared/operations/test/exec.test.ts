import { beforeAll, describe, expect, it } from 'vitest'
import { type Bench, bench, deployment, given, type KubeJson, MemoryAttempts } from './harness.ts'

let b: Bench
let pod: KubeJson
beforeAll(async () => {
  b = await bench()
  await given(b, deployment('web', b.namespace, 1))
  const text = await b.handle.kubectl(['get', 'pods', '-l', 'app=web', '-n', b.namespace, '-o', 'json'])
  pod = JSON.parse(text).items[0]
})

const run = (command: readonly string[], more: { timeoutSeconds?: number; container?: string } = {}) =>
  ({
    type: 'exec',
    target: { kind: 'Pod', name: pod.metadata.name, namespace: b.namespace },
    command,
    ...more,
  }) as const

describe('exec', () => {
  it('runs the words as they are, without a shell, and brings back what they print', async () => {
    const words = ['printf', '%s|', 'a b', '$HOME', '`id`', '*', ';', "it's", 'ünï']
    const planned = await b.plan(run(words))
    expect(planned).toMatchObject({
      uid: pod.metadata.uid,
      exec: { container: 'main', command: words },
      command: `kubectl exec ${pod.metadata.name} --container=main -n ${b.namespace} -- printf '%s|' 'a b' '$HOME' '\`id\`' '*' ';' 'it'\\''s' 'ünï'`,
      facts: { type: 'exec', command: words },
    })
    const attempts = new MemoryAttempts()
    expect(await b.execute(planned, { attempts })).toEqual({
      state: 'succeeded',
      result: { stdout: "a b|$HOME|`id`|*|;|it's|ünï|", stderr: '', exitCode: 0 },
    })
    // Whoever takes over cannot know what became of it, and does not run it again.
    expect(await b.execute(planned, { attempts })).toMatchObject({ state: 'indeterminate' })
    const audit = await b.handle.audit()
    expect(audit.filter((entry) => entry.auditID === attempts.kept[0]?.auditId).length).toBeGreaterThan(0)
  })

  it('tells an exit code, and keeps the two streams apart', async () => {
    const planned = await b.plan(run(['sh', '-c', 'echo out; echo err >&2; exit 3']))
    expect(await b.execute(planned)).toEqual({
      state: 'failed',
      // kwok tells the code in words only; a kubelet's form is in shared/kubernetes/test/exec-socket.test.ts.
      reason: expect.stringMatching(/exit status 3$/),
      result: { stdout: 'out\n', stderr: 'err\n' },
    })
  })

  it('keeps 64 kB of the output and says how much it dropped', async () => {
    const planned = await b.plan(run(['sh', '-c', 'yes 0123456789abcde | head -c 200000']))
    const { result } = await b.execute(planned)
    expect(String(result?.stdout).length).toBeLessThanOrEqual(64 * 1024)
    expect(result).toMatchObject({ exitCode: 0, dropped: 200_000 - 64 * 1024 })
  })

  it('lets no secret out, neither in the plan nor in the output', async () => {
    const token = `ghp_${'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'}`
    const planned = await b.plan(run(['echo', `token=${token}`]))
    const shown = JSON.stringify([planned.command, planned.changes, planned.title])
    expect(shown).not.toContain(token)
    expect(planned.changes[1]).toMatchObject({ hidden: true })
    expect(JSON.stringify(await b.execute(planned))).not.toContain(token)
  })

  it('that does not end in time is indeterminate', async () => {
    const planned = await b.plan(run(['sleep', '30'], { timeoutSeconds: 1 }))
    expect(await b.execute(planned)).toMatchObject({
      state: 'indeterminate',
      reason: 'No end within 1 s; the command may still run',
    })
  })

  it('is bound to the container that ran then', async () => {
    const planned = await b.plan(run(['true']))
    const other = { ...planned, exec: { ...planned.exec!, containerId: 'containerd://other' } }
    const attempts = new MemoryAttempts()
    expect(await b.execute(other, { attempts })).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('container id'),
    })
    expect(await b.execute({ ...planned, uid: 'other' }, { attempts })).toMatchObject({ state: 'stale' })
    expect(attempts.kept).toEqual([])
  })

  it('sends nothing when it is not allowed any more', async () => {
    const planned = await b.plan(run(['true']))
    const before = (await b.handle.audit()).filter(isExec).length
    const stopped = await b.execute(planned, { stillAllowed: async () => 'the kill switch is on' })
    expect(stopped).toEqual({ state: 'blocked', reason: 'the kill switch is on; nothing was sent' })
    const attempts = new MemoryAttempts()
    attempts.fenced = true
    expect(await b.execute(planned, { attempts })).toMatchObject({ state: 'blocked' })
    expect((await b.handle.audit()).filter(isExec)).toHaveLength(before)
  })

  it('refuses what is no command, no container and no pod', async () => {
    for (const command of [[], [''], ['a\0b'], ['\ud800'], Array(101).fill('x'), ['x'.repeat(20_000)]]) {
      await expect(b.plan(run(command))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
    await expect(b.plan(run(['true'], { container: 'sidecar' }))).rejects.toThrow(/there are: main/)
    await expect(b.plan(run(['true'], { timeoutSeconds: 3601 }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    const target = { kind: 'deploy', name: 'web', namespace: b.namespace }
    await expect(b.plan({ type: 'exec', target, command: ['true'] })).rejects.toMatchObject({
      code: 'BLOCKED_BY_POLICY',
    })
  })
})

function isExec({ requestURI }: { requestURI?: string }): boolean {
  return /\/exec\?/.test(requestURI ?? '')
}
