import { chmodSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const AGAIN_MS = 500
const ROLES = { read: '/kube', write: '/kube-write' } as const
export type Role = keyof typeof ROLES

/** Which kubeconfig the servers read is a link in a volume they share: yours, or the demo cluster's while it runs. */
export class Choice {
  /** Puts the kubeconfigs where the links will lead. */
  offer(kubeconfigs: Record<Role, string>): void {
    for (const role of roles()) {
      const file = fileOf(role)
      rmSync(`${file}.next`, { force: true })
      writeFileSync(`${file}.next`, kubeconfigs[role], { mode: 0o600 })
      chmodSync(`${file}.next`, 0o600)
      renameSync(`${file}.next`, file)
    }
  }

  /**
   * Points the links here until `stopped`, again and again: "docker compose up" starts anew with your kubeconfig, and as
   * long as this runs it is this one's turn.
   */
  async keep(stopped: Promise<void>): Promise<void> {
    let running = true
    void stopped.then(() => {
      running = false
    })
    // A turn later, so that a stop that was asked for before is known here.
    await Promise.resolve()
    while (running) {
      for (const role of roles()) point(role, `/demo/${role}`)
      await Promise.race([pause(AGAIN_MS), stopped])
    }
  }

  giveBack(): void {
    for (const role of roles()) {
      point(role, ROLES[role])
      rmSync(fileOf(role), { force: true })
    }
  }
}

function point(role: Role, to: string): void {
  const link = `/chosen/${role}`
  if (targetOf(link) === to) return
  rmSync(`${link}.demo`, { force: true })
  symlinkSync(to, `${link}.demo`)
  // At once, so that no server ever finds nothing.
  renameSync(`${link}.demo`, link)
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}

function fileOf(role: Role): string {
  const { KUBECONFIG_NAME, WRITE_KUBECONFIG_NAME } = process.env
  return `/demo/${role}/${(role === 'read' ? KUBECONFIG_NAME : WRITE_KUBECONFIG_NAME) || 'config'}`
}

function roles(): Role[] {
  return Object.keys(ROLES) as Role[]
}
