import type { ClusterHandle } from '@gatehouse/testing'

export const JWT =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c'
const KEY = '"x-note"'

/** A custom kind whose author wrote everything that a page and a search must get along with. */
export function ownKind(group: string, properties: Record<string, unknown> = {}): object {
  const spec = {
    type: 'object',
    description: `The wish. Authorization: Bearer ${JWT} and password: hunter2hunter2 ${KEY}`,
    required: ['size'],
    properties: {
      size: {
        type: 'string',
        enum: ['small', 'großartig'],
        default: 'small',
        description: 'How large, просторный.',
      },
      count: {
        type: 'integer',
        minimum: 1,
        maximum: 9,
        description: '<img src=x onerror=alert(1)> & "quotes"',
      },
      parts: {
        type: 'array',
        items: { type: 'object', properties: { label: { type: 'string', pattern: '^[a-z]+$' } } },
      },
      limits: {
        type: 'object',
        additionalProperties: { type: 'object', properties: { most: { type: 'number' } } },
      },
      long: { type: 'string', description: `${'quite long '.repeat(30_000)}` },
      ...properties,
    },
  }
  const version = (name: string, storage: boolean) => ({
    name,
    served: true,
    storage,
    schema: {
      openAPIV3Schema: {
        type: 'object',
        description: `A wonderfulthing of ${name}. <script>alert("${name}")</script>`,
        properties: { spec },
      },
    },
  })
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `wonders.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'wonders', singular: 'wonder', kind: 'Wonder' },
      versions: [version('v1', true), version('v1beta1', false)],
    },
  }
}

export async function install({ kubectl }: ClusterHandle, kind: object): Promise<void> {
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(kind))
}
