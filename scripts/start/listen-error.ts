interface Where {
  port?: number
  address?: string
}

/** One line for what keeps a server from listening, naming the setting to change; undefined for other errors. */
export function listenProblem(thrown: unknown, ports: Record<string, number>): string | undefined {
  // What is wrong with hub.yaml is known only once the servers it names have their addresses.
  const { name, message } = thrown as Error
  if (name === 'RegistryError' || (name === 'SettingError' && !(thrown as Error).cause)) return message
  // The listener wraps what the system says.
  const { code, port, address } = ((thrown as Error).cause ?? thrown) as NodeJS.ErrnoException & Where
  const names = Object.keys(ports).filter((name) => ports[name] === port)
  const which = names.join(' and ') || 'the port'
  const free = names.map((name) => `${name}=${other(port ?? 0)}`).join(' ')
  const where = `${address}:${port}`
  if (code === 'EADDRINUSE') {
    return `${which}: ${where} is already in use. Stop what listens there, or choose another port: ${free} npm start`
  }
  if (code === 'EACCES') return `${which}: ${where} is not allowed for this user; choose a port above 1023`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST: ${address ?? 'it'} is no address of this machine`
  return undefined
}

function other(port: number): number {
  return port > 65_000 ? port - 1000 : port + 10
}
