import { DatabaseSync } from 'node:sqlite'
import { createSanitizer } from '@gatehouse/sanitizer'
import { openFeed } from '../src/events.ts'
import { openStore } from '../src/store/store.ts'
import { createWorker } from '../src/worker.ts'
import { carefulExecutor, overHttp } from './careful-executor.ts'

// Run as a process of its own by the crash tests: a worker that kills itself where it is told to.
interface Orders {
  stateDir: string
  databaseUrl?: string
  clusterUrl: string
  leaseMs: number
  /** Kill -9 before this statement after the first claim began (from 1). */
  killAtStatement?: number
  killBeforeSend?: boolean
  killAfterSend?: boolean
  /** Count from the first statement of all. */
  killWhileOpening?: boolean
  /** Take the writer lock and stop. */
  hangInTransaction?: boolean
  /** Work until there is nothing left, or for ever. */
  once: boolean
}

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders
const die = () => process.kill(process.pid, 'SIGKILL')

let counting = orders.killWhileOpening === true
let statements = 0
function count() {
  if (!counting) return
  statements++
  if (statements === orders.killAtStatement) die()
}

const { sanitise } = { sanitise: <T>(value: T): T => createSanitizer({ key: 'test' }).value(value) }
const { prepare } = DatabaseSync.prototype
DatabaseSync.prototype.prepare = function (...args) {
  count()
  return prepare.apply(this, args)
}
const { default: pg } = await import('pg')
const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
  count()
  return query.apply(this, args)
} as never

const { stateDir, databaseUrl, leaseMs } = orders
const store = await openStore({ stateDir, databaseUrl, leaseMs, sanitise })
const line = overHttp(orders.clusterUrl)
const executor = carefulExecutor(
  {
    read: line.read,
    async write(object, sent) {
      const status = await line.write(object, sent)
      if (orders.killAfterSend) die()
      return status
    },
  },
  {
    async beforeSend() {
      if (orders.killBeforeSend) die()
    },
  },
)
if (orders.hangInTransaction)
  await store.write(async () => {
    process.stdout.write('ready\n')
    process.kill(process.pid, 'SIGSTOP')
    await store.now()
  })
const feed = await openFeed(store)
const worker = createWorker({ store, executor, feed, atOnce: 4 })
process.stdout.write('ready\n')
if (orders.once) {
  counting = true
  await worker.runOnce()
  counting = false
  process.stdout.write(`statements ${statements}\n`)
  await feed.close()
  await store.close()
  process.exit(0)
}
process.on('SIGTERM', async () => {
  await worker.stop(1_000)
  await feed.close()
  await store.close()
  process.exit(0)
})
worker.start()
