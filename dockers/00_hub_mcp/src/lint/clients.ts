/** What hosts do to the names of a server's tools, and how many tools they take. Evidence and dates: docs/hub.md. */
export interface HostRule {
  host: string
  /** What it puts in front of each name; `<server>` is the name a person gave the server. */
  prefix: string
  /** Of prefix and name together. */
  longest: number
  pattern: RegExp
  /** Tools it takes from all servers together; beyond it, it drops some or fails. */
  mostTools?: number
}

export const HOSTS: readonly HostRule[] = [
  { host: 'Claude Code', prefix: 'mcp__<server>__', longest: 64, pattern: /^[A-Za-z0-9_-]+$/ },
  { host: 'claude.ai, Claude Desktop', prefix: '', longest: 64, pattern: /^[A-Za-z0-9_-]+$/ },
  { host: 'OpenAI API, VS Code', prefix: '', longest: 64, pattern: /^[A-Za-z0-9_-]+$/, mostTools: 128 },
  { host: 'Cursor', prefix: '<server>_', longest: 60, pattern: /^[A-Za-z0-9_]+$/, mostTools: 80 },
  { host: 'Antigravity', prefix: '', longest: 64, pattern: /^[A-Za-z0-9_-]+$/, mostTools: 50 },
  { host: 'Cursor before 2026', prefix: '<server>_', longest: 60, pattern: /^[A-Za-z0-9_]+$/, mostTools: 40 },
]

/** What people are told to call it; the names must fit with that. */
export const SERVER_NAME = 'gatehouse'

/** More than this of every conversation's context for descriptions alone is worth a warning. */
export const MOST_TOKENS = 8_000
