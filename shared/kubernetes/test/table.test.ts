import { describe, expect, it } from 'vitest'
import { columnKey } from '../src/table/table.ts'

describe('columnKey', () => {
  const cases = {
    Name: 'name',
    'Nominated Node': 'nominatedNode',
    'CLUSTER-IP': 'clusterIp',
    'External-IP': 'externalIp',
    'Up-to-date': 'upToDate',
    'Port(s)': 'ports',
    IP: 'ip',
    'Internal-IP': 'internalIp',
    'Kernel-Version': 'kernelVersion',
  }
  for (const [column, key] of Object.entries(cases)) {
    it(`${column} → ${key}`, () => expect(columnKey(column)).toBe(key))
  }
})
