import type { Operation } from '../operation.ts'

type Words = (string | undefined)[]

/** Friendlier spellings a patch may have. Guesses: whoever takes one compares what it means. */
export function candidatesFor(
  operation: Operation & { type: 'patch' },
  object: Words,
  place: Words,
): Words[] {
  const { patch } = operation
  return [
    ...metadataCandidates(patch, object, place),
    ['rollout', 'pause', ...object, ...place],
    ['rollout', 'resume', ...object, ...place],
    ...containerCandidates(patch, object, place),
  ]
}

function metadataCandidates(patch: unknown, object: Words, place: Words): Words[] {
  return (['labels', 'annotations'] as const).flatMap((field) => {
    const values = Object.entries(at(patch, 'metadata', field))
    if (values.length === 0) return []
    const pairs = values.map(([key, value]) => (value === null ? `${key}-` : `${key}=${String(value)}`))
    return [[field === 'labels' ? 'label' : 'annotate', ...object, ...pairs, '--overwrite', ...place]]
  })
}

const PLACES = [['spec'], ['spec', 'template', 'spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec']]

function containerCandidates(patch: unknown, object: Words, place: Words): Words[] {
  return PLACES.flatMap((path) => {
    const { containers } = at(patch, ...path)
    if (!Array.isArray(containers) || containers.length === 0) return []
    const [first] = containers.map((one) => at(one))
    const images = containers.map((one) => `${String(at(one).name)}=${String(at(one).image)}`)
    const env = Array.isArray(first?.env) ? first.env.map(variable) : []
    const { limits, requests } = at(first?.resources)
    return [
      ['set', 'image', ...object, ...images, ...place],
      ['set', 'env', ...object, '-c', String(first?.name), ...env, ...place],
      [
        'set',
        'resources',
        ...object,
        '-c',
        String(first?.name),
        ...pairs('limits', limits),
        ...pairs('requests', requests),
        ...place,
      ],
    ]
  })
}

function variable(entry: unknown): string {
  const { name, value, $patch } = at(entry)
  return $patch === 'delete' ? `${String(name)}-` : `${String(name)}=${String(value)}`
}

function pairs(flag: string, values: unknown): Words {
  const list = Object.entries(at(values)).map(([name, value]) => `${name}=${String(value)}`)
  return list.length === 0 ? [] : [`--${flag}=${list.join(',')}`]
}

function at(value: unknown, ...path: string[]): Record<string, unknown> {
  let found = value
  for (const key of path) found = isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined
  return isRecord(found) ? found : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
