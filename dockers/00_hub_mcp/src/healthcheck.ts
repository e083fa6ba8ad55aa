import { get } from 'node:http'

// The image's health check. It asks only whether the process answers: a server that is away must not restart us.
const port = process.env.HUB_PORT || '8000'
const request = get({ host: '127.0.0.1', port, path: '/livez', timeout: 2_000 }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1)
})
request.on('error', () => process.exit(1))
request.on('timeout', () => process.exit(1))
