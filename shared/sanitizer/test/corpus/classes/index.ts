import type { TextClass } from '../planted.ts'
import { credentials } from './credentials.ts'
import { flags } from './flags.ts'
import { knownValue } from './known.ts'
import { namedValues } from './named-values.ts'
import { notations } from './notations.ts'
import { prefixedKey, privateKey } from './private-key.ts'
import { secretManifests } from './secret-manifests.ts'
import { unclaimed } from './unclaimed.ts'
import { vendors } from './vendors.ts'

/** All classes of text, claimed and not. */
export const textClasses: readonly TextClass[] = [
  ...namedValues,
  ...notations,
  ...flags,
  ...secretManifests,
  ...credentials,
  privateKey,
  prefixedKey,
  knownValue,
  ...vendors,
  ...unclaimed,
]
