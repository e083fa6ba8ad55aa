import type { Sanitizer } from '@gatehouse/sanitizer'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'

/**
 * Sanitises every error a transport sends. Replies of tools are sanitised already; the SDK's own errors repeat headers
 * and fields of the request, and carry the message of whatever a handler threw.
 */
export function guardErrors<T extends Transport>(transport: T, sanitizer: Sanitizer): T {
  const send = transport.send.bind(transport)
  transport.send = (message, options) => send(guarded(message, sanitizer), options)
  return transport
}

function guarded(message: JSONRPCMessage, sanitizer: Sanitizer): JSONRPCMessage {
  // Without digests: it is about what the caller sent.
  return 'error' in message ? { ...message, error: sanitizer.blind().value(message.error) } : message
}
