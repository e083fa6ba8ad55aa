import { setTimeout as pause } from 'node:timers/promises'
import type { Row } from './report.ts'
import { median } from './statistics.ts'
import { getRequest, toolCall, Wire } from './wire.ts'

const EVERY_MS = 2

/** How long /livez waits while a list of 4,900 pods is read: what the list holds the event loop for. */
export async function responsivenessRows(port: number, quick: boolean): Promise<Row[]> {
  const lister = await Wire.open(port)
  const prober = await Wire.open(port)
  const request = toolCall('infra.k8s.pods.listPods', { allNamespaces: true })
  await lister.send(request)
  const worst: number[] = []
  for (let run = 0; run < (quick ? 6 : 20); run++) {
    let listing = true
    const list = lister.send(request).finally(() => {
      listing = false
    })
    let longest = 0
    while (listing) {
      const asked = performance.now()
      await prober.send(getRequest('/livez'))
      longest = Math.max(longest, performance.now() - asked)
      await pause(EVERY_MS)
    }
    await list
    worst.push(longest)
  }
  lister.close()
  prober.close()
  return [
    {
      work: '/livez while 4,900 pods are listed',
      unit: 'ms',
      measured: median(worst),
      budget: { most: 50 },
      note: `longest wait of each of ${worst.length} lists, median; worst of all ${Math.max(...worst).toFixed(0)} ms`,
    },
  ]
}
