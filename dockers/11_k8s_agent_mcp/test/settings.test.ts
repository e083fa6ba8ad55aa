import { annotationsOf } from '@gatehouse/policy'
import { sharedCluster } from '@gatehouse/testing'
import { connectMcp, runToEnd, sdks } from '@gatehouse/testing/mcp'
import { describe, expect, it } from 'vitest'
import { definitions, readConfig } from '../src/config.ts'
import { main, START_LINE, startAgent } from './harness.ts'

const TOOLS = ['k8s_list', 'k8s_get', 'k8s_list_events', 'k8s_pod_logs', 'k8s_delete']

describe('settings that cannot be used stop the start with one line that names them', () => {
  const bad: [Record<string, string>, RegExp][] = [
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: expected one of debug/],
    [{ AGENT_APPROVAL: 'none' }, /^AGENT_APPROVAL: expected one of argument, operator$/],
    [{ AGENT_APPROVAL: 'Argument' }, /^AGENT_APPROVAL: /],
    [{ SANITIZER_KEY: 'short' }, /^SANITIZER_KEY: expected at least 32/],
    [{ SANITIZER_KEY_FILE: '/nonexistent/nowhere' }, /^SANITIZER_KEY_FILE: .*ENOENT/],
    [{ AGENT_FIELDS_FILE: '/nonexistent/nowhere' }, /^AGENT_FIELDS_FILE: .*ENOENT/],
    [{ AGENT_SUMMARY_MODEL: 'm' }, /^AGENT_SUMMARY_URL: expected with AGENT_SUMMARY_MODEL/],
    [{ AGENT_SUMMARY_TOKEN: 'tokentoken' }, /^AGENT_SUMMARY_URL: /],
    [{ AGENT_SUMMARY_URL: 'https://llm.example/v1' }, /^AGENT_SUMMARY_MODEL: expected with/],
    ...[
      ['not a url', /expected a URL/],
      ['ftp://llm.example', /expected https/],
      ['file:///etc/passwd', /expected https/],
      ['http://llm.example/v1', /expected https, or http on this machine/],
      ['http://127.evil.example/v1', /expected https/],
      ['http://localhost.evil.example/v1', /expected https/],
      ['http://127.0.0.1.evil.example/v1', /expected https/],
      ['http://10.0.0.1/v1', /expected https/],
      ['http://0.0.0.0/v1', /expected https/],
      ['https://user:password@llm.example/v1', /expected no credentials/],
      ['https://user@llm.example/v1', /expected no credentials/],
      ['https://llm.example/v1?key=abc', /expected no query/],
      ['https://llm.example/v1#x', /expected no query/],
    ].map(([url, message]): [Record<string, string>, RegExp] => [
      { AGENT_SUMMARY_URL: String(url), AGENT_SUMMARY_MODEL: 'm' },
      new RegExp(`^AGENT_SUMMARY_URL: ${(message as RegExp).source}`),
    ]),
  ]
  it.each(bad)('%j', (env, message) => {
    expect(() => readConfig(env)).toThrow(message)
    expect(() => readConfig(env)).toThrow(/^[^\n]+$/)
  })

  it.each(['http://localhost:1/v1', 'http://127.0.0.1:1/v1/', 'http://[::1]:1', 'https://llm.example'])(
    '%s can be used',
    (url) => {
      expect(readConfig({ AGENT_SUMMARY_URL: url, AGENT_SUMMARY_MODEL: 'm' }).config.summary?.url).toBe(
        url.replace(/\/$/, ''),
      )
    },
  )

  it.each(bad.slice(0, 3))(
    '%j, in the program: exit code 2, nothing on stdout, no start line, no value',
    async (env, message) => {
      const { code, stdout, stderr } = await runToEnd({ main, env })
      const lines = stderr.trimEnd().split('\n')
      expect(lines[0]).toMatch(message)
      expect(lines.slice(1)).toEqual(['See --help for the settings.'])
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).not.toMatch(/loud|START|at .*\.ts/)
    },
  )

  it.each([
    ['--port'],
    ['--stdio'],
    ['serve'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
    ['--help=no'],
    ['--', 'x'],
  ])('argument %s', async (...args) => {
    const { code, stdout, stderr } = await runToEnd({ main, args })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.trimEnd().split('\n')).toEqual(['Unexpected argument', 'See --help for the settings.'])
  })

  it.each(['--help', '-h'])('%s names every setting, and starts nothing', async (flag) => {
    const { code, stdout, stderr } = await runToEnd({ main, args: [flag] })
    expect([code, stderr]).toEqual([0, ''])
    for (const name of Object.keys(definitions)) expect(stdout).toContain(name)
  })
})

describe('five tools, whatever is set', () => {
  const foreign = {
    ...{
      TOOLSETS: 'all',
      TOOL_NAMES: 'dotted',
      MCP_TOKEN: 'x'.repeat(40),
      MCP_PORT: '1',
      HOST: '0.0.0.0',
      PROFILE: 'standard',
    },
    ...{
      AGENT_PROFILE: 'standard',
      GATEHOUSE_PROFILE: 'standard',
      READ_ONLY: 'false',
      ALLOW_SECRETS: 'true',
      DANGEROUS: '1',
    },
    ...{ AGENT_APPROVED: 'true', APPROVED: 'true', NODE_DEBUG: 'http', DEBUG: '*', FORCE_COLOR: '3' },
  }

  it.each(sdks)('with the client %s', async (sdk) => {
    const { kubeconfig } = await sharedCluster()
    for (const env of [{}, foreign]) {
      let stderr = ''
      const endpoint = {
        command: process.execPath,
        args: [main],
        env: { PATH: process.env.PATH ?? '', KUBECONFIG: kubeconfig, ...env },
      }
      const client = await connectMcp({ ...endpoint, onStderr: (text) => (stderr += text) }, sdk)
      const tools = await client.tools()
      expect(tools.map(({ name }) => name)).toEqual(TOOLS)
      for (const { name, annotations } of tools)
        expect(annotations).toEqual(annotationsOf(name === 'k8s_delete' ? 'destructive' : 'read'))
      expect(tools.at(-1)?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true })
      const ok = await client.call('k8s_list', { kind: 'Pod', namespace: 'default' })
      expect(ok.structuredContent).toMatchObject({ kind: 'Pod' })
      for (const name of ['k8s_get', 'k8s_delete']) {
        const refused = await client.call(name, {
          kind: 'Secret',
          name: 'x',
          namespace: 'default',
          approved: true,
        })
        expect(refused.structuredContent?.code).toMatch(/^(BLOCKED_BY_POLICY|INVALID_INPUT)$/)
      }
      const cluster = await client.call('k8s_list', { kind: 'Node', namespace: 'default' })
      expect(cluster.structuredContent).toMatchObject({ code: 'BLOCKED_BY_POLICY' })
      await expect(client.call('infra.k8s.pods.listPods')).rejects.toThrow(/no tool/)
      await client.close()
      expect(stderr).toContain(START_LINE)
      if (sdk === 'v2-2026-07-28') expect(client.revision).toBe('2026-07-28')
    }
  })

  it('a misspelt setting is said, and changes nothing', async () => {
    await using agent = await startAgent('/nonexistent/nowhere', { env: { AGENT_APROVAL: 'operator' } })
    await expect.poll(agent.stderr).toContain('AGENT_APROVAL is not a setting; did you mean AGENT_APPROVAL?')
  })
})
