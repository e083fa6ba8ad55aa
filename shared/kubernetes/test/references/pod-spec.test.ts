import { describe, expect, it } from 'vitest'
import type { PodSpec } from '../../src/describe/shapes.ts'
import { usesInPodSpec } from '../../src/references/pod-spec.ts'

const wanted = (kind: string, name: string, group = '') => ({ kind, name, group, object: undefined })

const spec: PodSpec = {
  serviceAccountName: 'runner',
  imagePullSecrets: [{ name: 'pull' }],
  initContainers: [{ name: 'init', envFrom: [{ configMapRef: { name: 'conf' } }] }],
  containers: [
    {
      name: 'app',
      env: [
        { name: 'A', valueFrom: { configMapKeyRef: { name: 'conf', key: 'a' } } },
        { name: 'B', valueFrom: { secretKeyRef: { name: 'sec', key: 'b' } } },
      ],
      volumeMounts: [{ name: 'files', mountPath: '/etc/app', subPath: 'x' }],
      volumeDevices: [{ name: 'disk', devicePath: '/dev/xvda' }],
    },
    { name: 'side', volumeMounts: [{ name: 'files', mountPath: '/side' }] },
  ],
  volumes: [
    { name: 'files', configMap: { name: 'conf' } },
    { name: 'idle', configMap: { name: 'conf' } },
    { name: 'both', projected: { sources: [{ secret: { name: 'sec' } }] } },
    { name: 'disk', persistentVolumeClaim: { claimName: 'claim' } },
    { name: 'csi', csi: { nodePublishSecretRef: { name: 'driver' } } },
  ],
}

describe('usesInPodSpec', () => {
  it('finds every way a ConfigMap is used, and who really mounts it', () => {
    expect(usesInPodSpec(spec, wanted('ConfigMap', 'conf'))).toEqual([
      { how: 'volume "files"', containers: ['app', 'side'], detail: 'at /etc/app (x), /side' },
      { how: 'volume "idle"', containers: [], detail: 'no container mounts it: unused' },
      { how: 'env', containers: ['app'], detail: 'A from key a' },
      { how: 'envFrom', containers: ['init'], detail: 'all keys' },
    ])
  })

  it('finds Secrets in env, projected volumes, pull secrets and CSI drivers', () => {
    expect(usesInPodSpec(spec, wanted('Secret', 'sec')).map(({ how }) => how)).toEqual([
      'projected volume "both"',
      'env',
    ])
    expect(usesInPodSpec(spec, wanted('Secret', 'pull'))).toEqual([{ how: 'imagePullSecrets' }])
    expect(usesInPodSpec(spec, wanted('Secret', 'driver')).map(({ how }) => how)).toEqual(['volume "csi"'])
  })

  it('finds claims, also as block devices, and service accounts, also the default one', () => {
    expect(usesInPodSpec(spec, wanted('PersistentVolumeClaim', 'claim'))).toEqual([
      { how: 'volume "disk"', containers: ['app'], detail: 'at /dev/xvda' },
    ])
    expect(usesInPodSpec(spec, wanted('ServiceAccount', 'runner'))).toEqual([{ how: 'serviceAccountName' }])
    expect(usesInPodSpec({ containers: [] }, wanted('ServiceAccount', 'default'))).toEqual([
      { how: 'serviceAccountName' },
    ])
  })

  it('does not mistake a Secret for a ConfigMap of the same name, or a custom kind for either', () => {
    expect(usesInPodSpec(spec, wanted('Secret', 'conf'))).toEqual([])
    expect(usesInPodSpec(spec, wanted('ConfigMap', 'sec'))).toEqual([])
    expect(usesInPodSpec(spec, wanted('ConfigMap', 'conf', 'example.com'))).toEqual([])
  })
})
