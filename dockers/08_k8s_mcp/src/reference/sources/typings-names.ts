const NAME = /^([A-Z][a-z]+)?(V\d+(?:(?:alpha|beta)\d+)?)([A-Z]\w*)$/

/**
 * `V1Deployment` is `v1.Deployment`, and `CoreV1Event` is `core.v1.Event`: dotted as in published documents, where what
 * stands behind the last dot is the name shown to people.
 */
export function nameOf(model: string): string {
  const [, group, version, kind] = NAME.exec(model) ?? []
  if (!version || !kind) return model
  return [group?.toLowerCase(), version.toLowerCase(), kind].filter(Boolean).join('.')
}

export function kindOf(model: string): string {
  return NAME.exec(model)?.[3] ?? model
}
