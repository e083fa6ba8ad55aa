/** An event a stage reports. `message` is a Go template; `name` makes repeats count up instead of piling up. */
export type StageEvent = {
  name: string
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** The faults it belongs to; all when absent. */
  only?: string[]
  /** About the node that runs the pod, not the pod. */
  about?: 'node'
}

/**
 * The event as a kubelet writes it: container in fieldPath, source host, first and last time, count. kwok's own
 * event step has none of these and does not expand templates in the message.
 */
export function eventTemplate(event: StageEvent): string {
  const { name, type, reason, message, about } = event
  const pod = [
    'involvedObject:',
    '  apiVersion: v1',
    '  kind: Pod',
    '  name: {{ .metadata.name | Quote }}',
    '  namespace: {{ .metadata.namespace | Quote }}',
    '  uid: {{ .metadata.uid | Quote }}',
    '  fieldPath: {{ printf "spec.containers{%s}" $bad.name | Quote }}',
  ]
  const node = [
    'involvedObject:',
    '  kind: Node',
    '  name: {{ .spec.nodeName | Quote }}',
    '  uid: {{ .spec.nodeName | Quote }}',
  ]
  const component = about === 'node' ? 'kernel-monitor' : 'kubelet'
  return [
    '{{ $now := now | date "2006-01-02T15:04:05Z07:00" }}',
    '{{ $restarts := 0 }}{{ range .status.containerStatuses }}{{ $restarts = max $restarts (int .restartCount) }}{{ end }}',
    'apiVersion: v1',
    'kind: Event',
    'metadata:',
    `  name: {{ printf "%s.%s.${name}" .metadata.name (trunc 8 .metadata.uid) | Quote }}`,
    `  namespace: ${about === 'node' ? 'default' : '{{ .metadata.namespace | Quote }}'}`,
    ...(about === 'node' ? node : pod),
    `type: ${type}`,
    `reason: ${reason}`,
    `message: {{ ${printf(message)} | Quote }}`,
    `source: { component: ${component}, host: {{ .spec.nodeName | Quote }} }`,
    `reportingComponent: ${component}`,
    'reportingInstance: {{ .spec.nodeName | Quote }}',
    'firstTimestamp: {{ or .status.startTime $now | Quote }}',
    'lastTimestamp: {{ $now | Quote }}',
    'count: {{ add $restarts 1 }}',
  ].join('\n')
}

/** `a {{ x }} b` as one expression, so that quotes inside values cannot end the YAML string. */
function printf(message: string): string {
  const values: string[] = []
  const format = message.replaceAll(/\{\{ (.*?) \}\}/g, (_, expression: string) => {
    values.push(`(${expression})`)
    return '%v'
  })
  return `printf ${JSON.stringify(format)} ${values.join(' ')}`
}
