import type { GuardOptions } from '../http/guards.ts'
import { flag, secret, text } from './setting.ts'
import { SettingError } from './settings.ts'

/** Settings of a server that stands behind the hub. `id` is what the shipped hub.yaml calls it. */
export function hubSettings(id: string) {
  return {
    HUB_KEY: secret('key with which the hub signs on whose behalf it calls; the same there'),
    HUB_ONLY: flag('refuse calls that the hub did not sign', false),
    HUB_SERVER_ID: text('what hub.yaml calls this server; a signature for another one is none here', id),
  }
}

/** What the guards need of them. Throws SettingError where nobody could sign. */
export function hubGuard(settings: {
  HUB_KEY: string | undefined
  HUB_ONLY: boolean
  HUB_SERVER_ID: string | undefined
}): GuardOptions['hub'] {
  const { HUB_KEY: key, HUB_ONLY: only, HUB_SERVER_ID: server = '' } = settings
  if (key !== undefined) return { key, only, server }
  if (only) throw new SettingError('HUB_KEY: expected with HUB_ONLY: nobody could call this server')
  return undefined
}
