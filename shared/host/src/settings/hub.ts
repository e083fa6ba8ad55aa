import type { GuardOptions } from '../http/guards.ts'
import { flag, secret } from './setting.ts'
import { SettingError } from './settings.ts'

/** Settings of a server that stands behind the hub. */
export const hubSettings = {
  HUB_KEY: secret('key with which the hub signs on whose behalf it calls; the same there'),
  HUB_ONLY: flag('refuse calls that the hub did not sign', false),
}

/** What the guards need of them. Throws SettingError where nobody could sign. */
export function hubGuard(settings: { HUB_KEY: string | undefined; HUB_ONLY: boolean }): GuardOptions['hub'] {
  if (settings.HUB_KEY !== undefined) return { key: settings.HUB_KEY, only: settings.HUB_ONLY }
  if (settings.HUB_ONLY)
    throw new SettingError('HUB_KEY: expected with HUB_ONLY: nobody could call this server')
  return undefined
}
