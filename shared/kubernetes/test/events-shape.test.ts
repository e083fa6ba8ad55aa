import { describe, expect, it } from 'vitest'
import { messageShape, objectShape } from '../src/reads/events-shape.ts'

describe('the shape of an object', () => {
  const cases = {
    'pod/web-7d9f8c6b5-x2k4z': 'pod/web-*',
    'pod/shop-frontend-6b5668788c-598gf': 'pod/shop-frontend-*',
    'replicaset/web-7d9f8c6b5': 'replicaset/web-*',
    'pod/db-0': 'pod/db-#',
    'pod/agent-x8k2p': 'pod/agent-*',
    'job/nightly-29384710': 'job/nightly-*',
    'pod/nightly-29384710-b7x4k': 'pod/nightly-*',
    'deployment/web': 'deployment/web',
    'node/node-12': 'node/node-#',
    // Words people choose stay.
    'deployment/order-proxy': 'deployment/order-proxy',
    'deployment/shop-redis7': 'deployment/shop-redis#',
    'deployment/payments-mysql': 'deployment/payments-mysql',
  }
  for (const [name, shape] of Object.entries(cases)) it(name, () => expect(objectShape(name)).toBe(shape))
})

describe('the shape of a message', () => {
  it('is the same for two pods of one owner', () => {
    const a =
      'Back-off restarting failed container web in pod web-7d9f8c6b5-x2k4z_shop(133ef040-043e-4c6e-96d3-b6b5cc475d9d)'
    const b =
      'Back-off restarting failed container web in pod web-7d9f8c6b5-p9q7w_shop(99be0fe1-1111-4c6e-96d3-aaaaaaaaaaaa)'
    expect(messageShape(a)).toBe(messageShape(b))
  })
  it('is the same for other numbers and addresses', () => {
    expect(messageShape('dial tcp 10.244.0.9:8081: refused')).toBe(
      messageShape('dial tcp 10.244.1.12:8081: refused'),
    )
    expect(messageShape('0/3 nodes are available')).toBe(messageShape('0/12 nodes are available'))
  })
  it('differs for other images and reasons', () => {
    expect(messageShape('Failed to pull image "shop/web:1"')).not.toBe(
      messageShape('Failed to pull image "shop/db:1"'),
    )
  })
})
