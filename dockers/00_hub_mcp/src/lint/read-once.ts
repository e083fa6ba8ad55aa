import { resolveCorrelation } from '@gatehouse/telemetry'
import { buildCatalogue, type Catalogue } from '../catalogue/catalogue.ts'
import { type Listing, readListing } from '../catalogue/listing.ts'
import type { Registry } from '../registry/schema.ts'
import { failureOf } from '../upstream/failure.ts'
import type { Credentials } from '../upstream/headers.ts'
import { ServerLink } from '../upstream/server-link.ts'

const TIMEOUT_MS = 5_000

/** The catalogue as a hub with this registry would have it now, and who could not be asked, and why. */
export async function readOnce(
  registry: Registry,
  credentialsOf: (entry: Registry['servers'][number]) => Credentials,
): Promise<{ catalogue: Catalogue; silent: { id: string; reason: string }[] }> {
  const listings = new Map<string, Listing>()
  const silent: { id: string; reason: string }[] = []
  const asked = registry.servers.map(async (entry) => {
    const link = new ServerLink(entry, credentialsOf(entry))
    try {
      const correlation = resolveCorrelation({})
      listings.set(entry.id, await readListing(link.asker, { timeoutMs: TIMEOUT_MS, correlation }))
    } catch (error) {
      silent.push({ id: entry.id, reason: failureOf(error, entry.id).message })
    } finally {
      await link.close()
    }
  })
  await Promise.all(asked)
  return { catalogue: buildCatalogue(registry, listings), silent }
}
