import { FieldSchemas, type Schema } from '@gatehouse/kubernetes'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ReferenceSource } from '../../src/reference/sources/source.ts'
import { typingsSource } from '../../src/reference/sources/typings.ts'
import { kindsIn, publishedGroupVersions, publishedSchemas } from './cluster-documents.ts'

const SERVED = [
  'v1',
  'apps/v1',
  'batch/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'networking.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1',
  'admissionregistration.k8s.io/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'certificates.k8s.io/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'events.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
  'node.k8s.io/v1',
  'resource.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
]

/** What requests carry and no one writes a manifest of: published with every group, and left out of the typings. */
const NOT_RESOURCES = ['APIResourceList', 'DeleteOptions', 'Status', 'WatchEvent']

/** Types that TypeScript has no word for: the cluster's on the left, ours on the right. */
const TYPES_LOST: Record<string, string> = {
  Quantity: 'string',
  '[]Quantity': '[]string',
  'map[string]Quantity': 'map[string]string',
  // Free-form: FieldsV1, RawExtension, and the empty structures of CustomResourceSubresources and PodGroupPolicy.
  object: 'any',
  JSON: 'any',
  '[]JSON': '[]any',
  JSONSchemaPropsOrBool: 'any',
  JSONSchemaPropsOrArray: 'any',
  'map[string]JSONSchemaPropsOrStringArray': 'map[string]any',
}

let typings: ReferenceSource
beforeAll(async () => {
  typings = await typingsSource()
})

describe('against the cluster', () => {
  for (const groupVersion of SERVED) {
    it(`has the kinds of ${groupVersion} and their fields, types, required flags and descriptions`, async () => {
      const theirs = await publishedSchemas(groupVersion)
      const ours = await typings.schemas(groupVersion)
      const kinds = kindsIn(ours, groupVersion)
      expect(kinds).toEqual(kindsIn(theirs, groupVersion).filter((kind) => !NOT_RESOURCES.includes(kind)))
      const differences = kinds.flatMap((kind) =>
        differencesOf({ groupVersion, kind, theirs: new FieldSchemas(theirs), ours: new FieldSchemas(ours) }),
      )
      expect(differences).toEqual([])
    })
  }

  it('knows every built-in group version that the cluster serves', async () => {
    // Other tests of this cluster define kinds in groups of any name, such as metrics.k8s.io.
    const builtIn = (await publishedGroupVersions()).filter((one) => SERVED.includes(one))
    expect(await typings.groupVersions()).toEqual(expect.arrayContaining(builtIn))
    expect(builtIn).toEqual(expect.arrayContaining(SERVED))
  })
})

interface Pair {
  groupVersion: string
  kind: string
  theirs: FieldSchemas
  ours: FieldSchemas
}

function differencesOf({ groupVersion, kind, theirs, ours }: Pair): string[] {
  const [version = '', group = ''] = groupVersion.split('/').reverse()
  const found: string[] = []
  const seen = new Set<string>()
  const compare = (a: Schema, b: Schema, path: string): void => {
    const [left, right] = [theirs.fields(a), ours.fields(b)]
    const names = [left, right].map(({ properties }) => Object.keys(properties).sort().join())
    if (names[0] !== names[1]) found.push(`${path}: fields ${names.join(' / ')}`)
    const required = [left, right].map((one) => one.required.toSorted().join())
    if (required[0] !== required[1]) found.push(`${path}: required ${required.join(' / ')}`)
    for (const [name, field] of Object.entries(left.properties)) {
      const other = right.properties[name]
      if (!other) continue
      const types = [theirs.typeOf(field), ours.typeOf(other)] as const
      const [type, known] = types
      if (type !== known && TYPES_LOST[type] !== known) found.push(`${path}.${name}: ${types.join(' / ')}`)
      // Typings have no description beside a reference, and do not repeat the values of an enum.
      const isReference = field.$ref ?? field.allOf
      const texts = [theirs.resolved(field), ours.resolved(other)].map((one) => words(one.description))
      if (!isReference && texts[0] !== texts[1]) found.push(`${path}.${name}: ${texts.join(' / ')}`)
      // JSONSchemaProps contains itself, in lists and maps too.
      const named = /[A-Z]/.test(type)
      if (named && seen.has(type)) continue
      if (named) seen.add(type)
      compare(field, other, `${path}.${name}`)
    }
  }
  compare(theirs.kind(group, version, kind)!, ours.kind(group, version, kind)!, kind)
  return found
}

const words = (text = ''): string =>
  (text.split('\n\nPossible enum values')[0] ?? '').replaceAll(/\s+/g, ' ').trim()

describe('the typings', () => {
  it('say which version they are of', () => {
    expect(typings.version).toMatch(/^1\.\d+$/)
    expect(typings.origin).toBe('typings')
  })

  it('leave out versions that Kubernetes has removed, though the package still has their files', async () => {
    const all = await typings.groupVersions()
    expect(all).not.toContain('resource.k8s.io/v1alpha2')
    expect(all).not.toContain('flowcontrol.apiserver.k8s.io/v1beta3')
    expect(all[0]).toBe('v1')
    for (const one of all) expect(kindsIn(await typings.schemas(one), one), one).not.toEqual([])
  })

  it('refer to nothing that is not there', async () => {
    for (const groupVersion of await typings.groupVersions()) {
      const schemas = await typings.schemas(groupVersion)
      const targets = [...JSON.stringify(schemas).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
        ([, name]) => name!,
      )
      expect(targets.filter((name) => !Object.hasOwn(schemas, name))).toEqual([])
    }
  })

  it.each(['apps/v2', 'app/v1', '', '__proto__', '../../../models/V1Pod', 'constructor'])(
    'answer %j with what there is',
    async (asked) => {
      await expect(typings.schemas(asked)).rejects.toMatchObject({ code: 'NOT_FOUND', hint: /apps\/v1/ })
    },
  )

  it('offer the nearest name', async () => {
    await expect(typings.schemas('apps/v2')).rejects.toThrow(/did you mean apps\/v1/)
  })

  it('stop when the caller is gone', async () => {
    await expect(typings.schemas('v1', AbortSignal.abort())).rejects.toThrow(/abort/i)
  })
})
