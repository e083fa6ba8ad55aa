import { chmodSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { ensureSecrets, GIVEN, handOut } from './secrets.ts'
import { give, type Owner, Problem } from './token.ts'

// The service "init" of docker-compose.yml: runs before every other container, does what is not done yet, and ends. It is
// root, without a network, because what Docker creates for a mount belongs to root and the servers are nobody special.
const HOST = '/host'

try {
  const user = { uid: idOf('GATEHOUSE_UID'), gid: idOf('GATEHOUSE_GID') }
  const cloned = statSync(`${HOST}/secrets`)
  // The person who cloned the repository is to read the tokens there; root needs no help, so then it is the servers' user.
  const person = cloned.uid === 0 ? user : { uid: cloned.uid, gid: cloned.gid }
  prepare(user, person)
  if (cloned.uid !== 0) healKubeFolder(person)
} catch (error) {
  if (!(error instanceof Problem)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

function prepare(user: Owner, person: Owner): void {
  const made = ensureSecrets(`${HOST}/secrets`, person)
  for (const [server, names] of Object.entries(GIVEN)) {
    const place = `/given/${server}`
    // The database's own user, whose number is its image's affair, reads it again once its entrypoint has given up root.
    if (server === 'postgres') handOut(`${HOST}/secrets`, names, place, { uid: 0, gid: 0 }, 0o644)
    else handOut(`${HOST}/secrets`, names, place, user)
  }
  for (const folder of [`${HOST}/state`, '/chosen', '/demo/read', '/demo/write', '/demo/data']) {
    chmodSync(folder, 0o700)
    give(folder, user)
  }
  choose('read', '/kube')
  choose('write', '/kube-write')
  const { APPROVAL_PORT, HUB_PORT } = process.env
  say(
    `secrets/: ${made.length > 0 ? `made ${made.join(', ')}` : 'kept what is there'}; mode 0600, user ${person.uid}`,
  )
  say(`clients: http://127.0.0.1:${HUB_PORT}/mcp with the bearer token in secrets/mcp_token`)
  say(`approve changes: http://127.0.0.1:${APPROVAL_PORT}/login with the token in secrets/approver_token`)
}

/** Docker makes a missing ~/.kube as root, and then kubectl could never write to it. */
function healKubeFolder(person: Owner): void {
  if (statSync('/kube').uid === 0 && readdirSync('/kube').length === 0) give('/kube', person)
}

/** Which kubeconfig the servers read is one link; the demo cluster points it at its own for as long as it runs. */
function choose(which: string, folder: string): void {
  rmSync('/chosen/.next', { force: true })
  symlinkSync(folder, '/chosen/.next')
  renameSync('/chosen/.next', `/chosen/${which}`)
}

function idOf(name: string): number {
  const given = process.env[name] ?? ''
  if (!/^\d{1,9}$/.test(given)) throw new Problem(`${name}: expected a number, such as that of "id -u"`)
  return Number(given)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
