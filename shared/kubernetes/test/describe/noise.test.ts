import { describe, expect, it } from 'vitest'
import { withoutNoise } from '../../src/describe/noise.ts'

describe('withoutNoise', () => {
  it('drops managedFields, last-applied and what the server filled in', () => {
    const object = withoutNoise({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'p',
        managedFields: [{ manager: 'kubectl' }],
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', mine: 'stays' },
      },
      spec: {
        dnsPolicy: 'ClusterFirst',
        schedulerName: 'default-scheduler',
        tolerations: [
          {
            key: 'node.kubernetes.io/not-ready',
            operator: 'Exists',
            effect: 'NoExecute',
            tolerationSeconds: 300,
          },
          { key: 'gpu', operator: 'Exists' },
        ],
        volumes: [
          { name: 'kube-api-access-x1', projected: {} },
          { name: 'scratch', emptyDir: {} },
        ],
        containers: [
          {
            name: 'c',
            resources: {},
            terminationMessagePolicy: 'File',
            ports: [{ containerPort: 1, protocol: 'TCP' }],
          },
        ],
      },
    })
    expect(object).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', annotations: { mine: 'stays' } },
      spec: {
        tolerations: [{ key: 'gpu', operator: 'Exists' }],
        volumes: [{ name: 'scratch', emptyDir: {} }],
        containers: [{ name: 'c', ports: [{ containerPort: 1 }] }],
      },
    })
  })

  it('keeps empty fields that mean something', () => {
    const spec = { podSelector: {}, policyTypes: ['Ingress'], ingress: [] }
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny' },
      spec,
    }
    expect(withoutNoise(policy).spec).toEqual(spec)
  })

  it('takes no label, key of data or field of a custom resource for a default', () => {
    const data = { protocol: 'TCP', scheme: 'HTTP' }
    expect(withoutNoise({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data }).data).toEqual(
      data,
    )
    const spec = { selector: { protocol: 'TCP' }, protocol: 'UDP' }
    expect(withoutNoise({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec }).spec).toEqual(
      spec,
    )
    const custom = {
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name: 't' },
      spec: { protocol: 'TCP', priority: 0 },
    }
    expect(withoutNoise(custom).spec).toEqual({ protocol: 'TCP', priority: 0 })
  })

  it('does not change what it is given', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', managedFields: [] },
      spec: { dnsPolicy: 'ClusterFirst' },
    }
    const before = JSON.stringify(object)
    withoutNoise(object)
    expect(JSON.stringify(object)).toBe(before)
  })
})
