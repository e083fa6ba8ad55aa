import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'

export interface ModuleProxy extends AsyncDisposable {
  url: string
  requests: IncomingMessage[]
}

/** A Go module proxy: what it answers by file name, and with what it refuses the rest. */
export async function moduleProxy(
  files: Record<string, string | Buffer>,
  otherwise = 404,
): Promise<ModuleProxy> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    const file = files[request.url?.replace('/k8s.io/kubernetes/@v/', '') ?? '']
    response.statusCode = file === undefined ? otherwise : 200
    response.end(file ?? 'no')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
