/** Where secrets turn up. Each takes a name that says secret and a value. */
export const carriers: Record<string, (value: string) => string> = {
  'log line': (v) => `2026-11-21T10:00:00Z WARN login failed user=bob password=${v} attempt=3`,
  'json log': (v) => JSON.stringify({ level: 'info', msg: 'connecting', password: v, n: 1 }),
  'nested json log': (v) => JSON.stringify({ log: JSON.stringify({ api_key: v }), stream: 'stdout' }),
  event: (v) => `Error: failed to start container: exec: "--token=${v}": not found`,
  describe: (v) => `    Environment:\n      DB_PASSWORD:  ${v}\n      A:            b`,
  yaml: (v) => `spec:\n  db:\n    password: ${JSON.stringify(v)}\n    user: x`,
  diff: (v) => ` env:\n-  password: ${v}\n+  password: other-placeholder`,
  'yaml env': (v) => `- name: API_TOKEN\n  value: ${JSON.stringify(v)}\n- name: B\n  value: c`,
  args: (v) => JSON.stringify(['serve', '--api-key', v, '--port', '80']),
  url: (v) => `dial amqp://app:${encodeURIComponent(v)}@mq:5672/x failed`,
  header: (v) => `> Authorization: Bearer ${v}\n> Accept: */*`,
  cookie: (v) => `Cookie: session=${v}; theme=dark`,
  base64: (v) => `blob ${Buffer.from(`[db]\npassword=${v}\n`).toString('base64')} end`,
  'url encoded': (v) => `GET /x?q=${encodeURIComponent(`a=b&password=${v}&c=d`)} 200`,
}

/** Classes that are recognised by themselves, in any text. `hex` is a supply of random hex digits. */
export const selfEvident: Record<string, (hex: string) => string> = {
  github: (hex) => `ghp_${hex.slice(0, 36)}`,
  gitlab: (hex) => `glpat-${hex.slice(0, 20)}`,
  stripe: (hex) => `sk_live_${hex.slice(0, 24)}`,
  vault: (hex) => `hvs.${hex.slice(0, 28)}`,
  anthropic: (hex) => `sk-ant-api03-${hex.slice(0, 40)}`,
  digitalocean: (hex) => `dop_v1_${hex.slice(0, 64)}`,
  bootstrap: (hex) => `${hex.slice(0, 5)}x.${hex.slice(6, 21)}7`,
  jwt: (hex) =>
    ['{"alg":"RS256","kid":"x"}', `{"sub":"${hex.slice(0, 20)}"}`, hex.slice(0, 64)]
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.'),
  pem: (hex) => {
    const body = Buffer.from(hex.repeat(4)).toString('base64')
    return `-----BEGIN PRIVATE KEY-----\n${body.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----`
  },
}
