import type { KubeObject } from '@gatehouse/kubernetes'
import { MARKER } from '../marker.ts'

/** The steps of a JSON patch that set the mark; behind all others, which may bring annotations themselves. */
export function markSteps(live: KubeObject | undefined, marker: string): unknown[] {
  const key = MARKER.replaceAll('/', '~1')
  if (live?.metadata.annotations) return [{ op: 'add', path: `/metadata/annotations/${key}`, value: marker }]
  return [{ op: 'add', path: '/metadata/annotations', value: { [MARKER]: marker } }]
}
