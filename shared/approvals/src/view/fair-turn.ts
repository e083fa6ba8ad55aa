import { turn } from '@gatehouse/sanitizer'

const last = new Map<string, Promise<void>>()

/**
 * To be awaited before work that takes the process some milliseconds, such as making a view. Of one reader only one
 * piece at a time waits for the event loop: who asks for a thousand views delays others by one of them.
 */
export function fairTurn(reader: string): Promise<void> {
  const own = (last.get(reader) ?? Promise.resolve()).then(turn)
  last.set(reader, own)
  void own.then(() => {
    if (last.get(reader) === own) last.delete(reader)
  })
  return own
}
