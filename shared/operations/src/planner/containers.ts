import type { Pod } from '@gatehouse/kubernetes/planning'

/** One run of a container: restarted, it is another. */
export interface Container {
  name: string
  id: string
}

export function containersOf(pod: Pod): string[] {
  return (pod.spec?.containers ?? []).map(({ name }) => name)
}

/** The run that is under way. Without a runtime's id, its start time tells it from others. */
export function runningContainer(pod: Pod, name: string): Container | undefined {
  const status = pod.status?.containerStatuses?.find((one) => one.name === name)
  const running = status?.state?.running
  if (!status || !running) return undefined
  const { containerID } = status as { containerID?: string }
  return { name, id: containerID || `started ${running.startedAt ?? 'unknown'}` }
}
