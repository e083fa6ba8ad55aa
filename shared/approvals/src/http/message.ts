// Types alone: the listener belongs to shared/host.
export type { IncomingMessage, ServerResponse } from 'node:http'
