/** Class, the literal every such credential begins with, and what follows it. Ids as gitleaks names them. */
export type VendorRow = { kind: string; prefix: string; rest: RegExp; inside?: boolean }

/** `cut` is what is enough where the text ends: a bounded page cuts credentials anywhere. */
const row = (kind: string, prefix: string, rest: string, cut?: string): VendorRow => ({
  kind,
  prefix,
  rest: new RegExp(cut ? `(?:${rest}|${cut}(?=\\s{0,16}$))` : rest, 'y'),
})
const inside = (kind: string, prefix: string, rest: string, cut: string): VendorRow => ({
  ...row(kind, prefix, rest, cut),
  inside: true,
})
// Behind a short prefix a word may stand: only a digit or a capital tells.
const UNLIKE_WORD = '(?=[a-z]{0,63}[A-Z0-9])[A-Za-z0-9]'

// Short bodies are allowed behind unmistakable prefixes.
export const VENDORS: readonly VendorRow[] = [
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) =>
    row('aws-access-key', prefix, '[A-Z2-7]{4,16}(?![A-Za-z0-9])'),
  ),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) =>
    row('github-token', prefix, '[A-Za-z0-9]{4,255}'),
  ),
  row('github-token', 'github_pat_', '[A-Za-z0-9_]{2,255}'),
  ...['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'glsoat-', 'glft-', 'glagent-', 'gloas-', 'glimt-'].map(
    (prefix) => row('gitlab-token', prefix, '[A-Za-z0-9_.-]{2,255}'),
  ),
  ...['xoxa-', 'xoxb-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'].map((prefix) =>
    row('slack-token', prefix, '[A-Za-z0-9.-]{3,255}'),
  ),
  row('slack-webhook', 'hooks.slack.com/', '(?:services|workflows|triggers)/[A-Za-z0-9/_-]{8,255}'),
  ...['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'whsec_'].map((prefix) =>
    row('stripe-key', prefix, '[A-Za-z0-9+/=]{1,255}'),
  ),
  row('google-api-key', 'AIza', '[A-Za-z0-9_-]{4,35}'),
  row('google-oauth', 'GOCSPX-', '[A-Za-z0-9_-]{1,64}'),
  row('google-oauth', 'ya29.', '[A-Za-z0-9_-]{4,2048}'),
  row('npm-token', 'npm_', `${UNLIKE_WORD}{8,64}(?![a-z_])`),
  row('pypi-token', 'pypi-', '(?:AgE[A-Za-z0-9_-]{1,512}|AgEIcHlwaS5vcmc[A-Za-z0-9_-]{0,512})'),
  ...['hvs.', 'hvb.', 'hvr.'].map((prefix) => row('vault-token', prefix, '[A-Za-z0-9_-]{4,512}')),
  ...['sk-ant-', 'sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-or-v1-'].map((prefix) =>
    row('ai-api-key', prefix, '[A-Za-z0-9_-]{1,255}'),
  ),
  row('ai-api-key', 'sk-', `${UNLIKE_WORD}{20,64}(?![A-Za-z0-9-])`, `${UNLIKE_WORD}{8,64}`),
  row('ai-api-key', 'gsk_', '[A-Za-z0-9]{8,64}'),
  row('hugging-face-token', 'hf_', '[A-Za-z0-9]{20,64}', `${UNLIKE_WORD}{8,64}`),
  row('sendgrid-key', 'SG.', '[A-Za-z0-9_-]{16,24}(?:\\.[A-Za-z0-9_-]{0,64})?', '[A-Za-z0-9_-]{8,24}'),
  row('twilio-key', 'SK0', '[0-9a-f]{31}(?![0-9a-f])', '[0-9a-f]{8,31}'),
  ...['dop_v1_', 'doo_v1_', 'dor_v1_'].map((prefix) => row('digitalocean-token', prefix, '[a-f0-9]{1,64}')),
  row('age-secret-key', 'AGE-SECRET-KEY-', '1[A-Z0-9]{0,128}'),
  ...['shpat_', 'shpca_', 'shppa_', 'shpss_'].map((prefix) =>
    row('shopify-token', prefix, '[A-Fa-f0-9]{2,64}'),
  ),
  ...['dp.pt.', 'dp.st.', 'dp.ct.'].map((prefix) => row('doppler-token', prefix, '[A-Za-z0-9._-]{4,96}')),
  ...['glsa_', 'glc_'].map((prefix) => row('grafana-token', prefix, '[A-Za-z0-9_+/=]{8,512}')),
  row('databricks-token', 'dapi', '[a-f0-9]{32}(?:-\\d)?', '[a-f0-9]{8,32}'),
  row('docker-token', 'dckr_pat_', '[A-Za-z0-9_-]{1,64}'),
  row('linear-key', 'lin_api_', '[A-Za-z0-9]{1,64}'),
  row('atlassian-token', 'ATATT3', '[A-Za-z0-9_=-]{4,255}'),
  row('postman-key', 'PMAK-', '[a-f0-9-]{4,64}'),
  row('newrelic-key', 'NRAK-', '[A-Z0-9]{4,64}'),
  row('mailchimp-key', 'key-', '[0-9a-f]{32}(?![0-9a-f])', '[0-9a-f]{8,32}'),
  row('teleport-token', 'tskey-', '[a-z]{1,32}-[A-Za-z0-9-]{1,128}'),
  row('argon-hash', '$argon2', '[a-z]{1,2}\\$[A-Za-z0-9+/=$,]{1,512}'),
  ...['$2a$', '$2b$', '$2y$'].map((prefix) => row('password-hash', prefix, '\\d\\d\\$[A-Za-z0-9./]{4,53}')),
  ...['$apr1$', '$5$', '$6$', '$y$'].map((prefix) => row('password-hash', prefix, '[A-Za-z0-9./$=]{8,255}')),
  ...['{SSHA', '{SHA'].map((prefix) =>
    row('password-hash', prefix, '(?:256|384|512)?\\}[A-Za-z0-9+/=]{8,255}'),
  ),
  row('discord-webhook', 'discord.com/api/webhooks/', '\\d{5,24}/[A-Za-z0-9_-]{8,128}'),
  row('teams-webhook', 'webhook.office.com/webhookb2/', '[A-Za-z0-9@/_-]{8,400}'),
  ...['sq0atp-', 'sq0csp-'].map((prefix) => row('square-token', prefix, '[A-Za-z0-9_-]{4,64}')),
  inside('telegram-token', ':AA', '[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])', '[A-Za-z0-9_-]{8,33}'),
  inside('azure-key', '8Q~', '[A-Za-z0-9_.~-]{31,37}', '[A-Za-z0-9_.~-]{1,37}'),
]
