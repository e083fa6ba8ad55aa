import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname

// docs/architecture.md, "Layout": who may import whom. errors, sanitizer and telemetry stand on each other in that order.
const BASE = ['errors', 'sanitizer', 'telemetry']
const MAY_IMPORT: Record<string, string[]> = {
  errors: [],
  sanitizer: ['errors'],
  telemetry: ['errors', 'sanitizer'],
  policy: BASE,
  kubernetes: [...BASE, 'policy'],
  operations: [...BASE, 'kubernetes', 'policy', 'audit'],
  audit: BASE,
  approvals: [...BASE, 'kubernetes', 'operations', 'policy', 'audit', 'web', 'tools'],
  web: BASE,
  tools: [...BASE, 'policy'],
  host: [...BASE, 'tools', 'web'],
}

// What is started as a process of its own.
const isProgram = (file: string) => /\/(main|healthcheck)\.ts$/.test(file)
const sources = (pattern: string) =>
  globSync(pattern, { cwd: root }).filter((file) => !file.includes('node_modules'))
const importsOf = (file: string) =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  )

describe('imports', () => {
  for (const [name, allowed] of Object.entries(MAY_IMPORT)) {
    it(`shared/${name} imports only ${allowed.join(', ') || 'nothing of ours'}`, () => {
      const files = sources(`shared/${name}/src/**/*.ts`)
      expect(files.length).toBeGreaterThan(0)
      const wrong = files.flatMap((file) =>
        importsOf(file)
          .filter(
            (target) => target.startsWith('@gatehouse/') && !allowed.includes(target.split('/')[1] ?? ''),
          )
          .map((target) => `${file} imports ${target}`),
      )
      expect(wrong).toEqual([])
    })
  }

  it('every shared package has its rule', () => {
    const packages = sources('shared/*/package.json').map((file) => file.split('/')[1])
    expect(packages.sort()).toEqual([...Object.keys(MAY_IMPORT), 'testing'].sort())
  })

  it('no package reaches into another by path, and no server into another server', () => {
    const wrong = sources('{shared,dockers}/*/src/**/*.ts').flatMap((file) => {
      const home = file.split('/').slice(0, 2).join('/')
      return importsOf(file)
        .filter((target) => target.startsWith('.'))
        .map((target) => path.normalize(path.join(path.dirname(file), target)))
        .filter((target) => !target.startsWith(`${home}/`))
        .map((target) => `${file} imports ${target}`)
    })
    expect(wrong).toEqual([])
  })
})

describe('tools', () => {
  const toolFiles = sources('dockers/*/src/tools/**/*.ts').filter((file) => !file.endsWith('index.ts'))

  it('import no SDK, logger, host, file system or environment', () => {
    const wrong = toolFiles.flatMap((file) => {
      const text = readFileSync(path.join(root, file), 'utf8')
      const imports = importsOf(file).filter((target) =>
        /modelcontextprotocol|pino|@gatehouse\/(host|telemetry)|^node:/.test(target),
      )
      return [...imports, ...(/\bprocess\./.test(text) ? ['process'] : [])].map((what) => `${file}: ${what}`)
    })
    expect(wrong).toEqual([])
  })

  it('only programs read the environment or exit', () => {
    const wrong = sources('{shared,dockers}/*/src/**/*.ts').filter((file) => {
      if (isProgram(file) || file.startsWith('shared/testing/') || file.endsWith('host/src/stop.ts'))
        return false
      return /process\.(env|exit)\b/.test(readFileSync(path.join(root, file), 'utf8'))
    })
    expect(wrong).toEqual([])
  })
})

describe('mutating requests', () => {
  it('only the transport opens connections to an API server, and it asks the guard first', () => {
    const dialling = sources('{shared,dockers}/*/src/**/*.ts').filter(
      (file) =>
        importsOf(file).some((target) => /^undici$|^node:https?$|^ws$/.test(target)) &&
        !file.startsWith('shared/testing/'),
    )
    const expected = [
      'shared/host',
      'shared/kubernetes/src/client/transport.ts',
      'shared/kubernetes/src/client/exec-socket.ts',
      'shared/kubernetes/src/connection/credentials.ts',
      'shared/tools/src/doors/rest.ts',
      // To the servers of the suite, at the addresses in hub.yaml: the hub knows no cluster.
      'dockers/00_hub_mcp/src/upstream/',
      'dockers/00_hub_mcp/src/door/',
      // Types of requests and answers only.
      'shared/approvals/src/http/',
    ]
    expect(
      dialling.filter((file) => !isProgram(file) && !expected.some((known) => file.startsWith(known))),
    ).toEqual([])
    const transport = readFileSync(path.join(root, 'shared/kubernetes/src/client/transport.ts'), 'utf8')
    // Each way out asks it, and only the two that mutation.ts opens say that they may mutate.
    expect(transport.match(/\bguard\(/g)).toHaveLength(2)
    expect(transport.match(/#open\(call, true\)|guard\([^;]*, true\)/g)).toHaveLength(2)
  })

  it('only the executor and the deletion of mcp-k8s-agent can send one', () => {
    const all = sources('{shared,dockers,scripts}/**/*.{ts,mjs}').filter((file) => !file.includes('/test/'))
    const senders = all.filter((file) => importsOf(file).includes('@gatehouse/kubernetes/mutation'))
    expect(senders.sort()).toEqual([
      'shared/operations/src/delete-once.ts',
      'shared/operations/src/executor/execute-exec.ts',
      'shared/operations/src/executor/send.ts',
    ])
    const spelling = all.filter((file) =>
      /\b(MUTATE|EXEC)\b/.test(readFileSync(path.join(root, file), 'utf8')),
    )
    expect(spelling.sort()).toEqual(
      ['cluster', 'mutate', 'mutation', 'transport'].map((name) => `shared/kubernetes/src/client/${name}.ts`),
    )
    // The door is the symbol itself: nobody can get it through the package.
    const open = JSON.parse(readFileSync(path.join(root, 'shared/kubernetes/package.json'), 'utf8')).exports
    expect(Object.values(open).filter((file) => /mutate\.ts$/.test(String(file)))).toEqual([])
    expect(readFileSync(path.join(root, 'shared/kubernetes/src/index.ts'), 'utf8')).not.toMatch(
      /mutat|exec-socket/,
    )
  })
})

describe('the hub', () => {
  it('has no way to a cluster, to approvals or to state', () => {
    const files = sources('dockers/00_hub_mcp/src/**/*.ts')
    const wrong = files
      .flatMap(importsOf)
      .filter((target) => /kubernetes|operations|approvals|audit/.test(target))
    expect([files.length > 20, wrong]).toEqual([true, []])
  })
})

describe('files', () => {
  const files = sources('{shared,dockers,scripts}/**/*.{ts,mjs}')
  const lines = (file: string) => readFileSync(path.join(root, file), 'utf8').split('\n').length

  it('have a median below 100 lines and none of the sources is above 250', () => {
    const own = files.filter((file) => !file.includes('/test/'))
    const sizes = own.map(lines).sort((a, b) => a - b)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(100)
    expect(own.filter((file) => lines(file) > 250)).toEqual([])
  })

  it('carry names that say something', () => {
    expect(files.filter((file) => /(^|\/)(utils?|common|helpers?|manager|misc)(\.|\/)/.test(file))).toEqual(
      [],
    )
  })
})

describe('dependencies', () => {
  it('are exact, and one version of each in the repository', () => {
    const versions = new Map<string, Set<string>>()
    for (const file of ['package.json', ...sources('{shared,dockers}/*/package.json')]) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(
        readFileSync(path.join(root, file), 'utf8'),
      )
      for (const [name, version] of Object.entries<string>({ ...dependencies, ...devDependencies })) {
        versions.set(name, (versions.get(name) ?? new Set()).add(version))
      }
    }
    const loose = [...versions].filter(([, set]) =>
      [...set].some((version) => /^[\^~]|\*|latest|[<>]/.test(version)),
    )
    expect(loose.map(([name]) => name)).toEqual([])
    expect([...versions].filter(([, set]) => set.size > 1).map(([name]) => name)).toEqual([])
  })
})
