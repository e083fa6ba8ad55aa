import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// The least a Node server can do with a tools/call: read it, parse it, answer with its text. Prints its port first.
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const { id, params } = JSON.parse(Buffer.concat(chunks).toString())
  const result = { content: [{ type: 'text', text: params.arguments.text }] }
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
})
server.listen(0, '127.0.0.1', () => console.log(`{"port":${(server.address() as AddressInfo).port}}`))
