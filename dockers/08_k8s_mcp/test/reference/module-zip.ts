import { crc32 } from 'node:zlib'

/** A zip of stored files, as small as a test needs it. */
export function zipOf(files: Record<string, string>): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const [path, data] = [Buffer.from(name), Buffer.from(text)]
    // The fields that both headers have: version, flags, method, time, date, checksum, two sizes, two lengths.
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt32LE(crc32(data), 10)
    shared.writeUInt32LE(data.length, 14)
    shared.writeUInt32LE(data.length, 18)
    shared.writeUInt16LE(path.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, path, data])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), shared, rest, path]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(central.length, 4)
  end.writeUInt16LE(central.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end])
}

/** A Kubernetes module with one group version, `apps/v1`, and one kind in it. */
export function moduleZip(version: string, description = 'A Widget.'): Buffer {
  const at = (file: string): string => `k8s.io/kubernetes@v${version}/${file}`
  return zipOf({
    [at('go.mod')]: 'module k8s.io/kubernetes\n',
    [at('api/openapi-spec/v3/apis__apps__v1_openapi.json')]: JSON.stringify({
      paths: { '/apis/apps/v1/': {} },
      components: {
        schemas: {
          'io.k8s.api.apps.v1.Widget': {
            type: 'object',
            description,
            'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Widget' }],
            'x-kubernetes-list-type': 'atomic',
            properties: { type: { type: 'string', default: '' } },
          },
        },
      },
    }),
    [at('api/openapi-spec/v3/apis__apps_openapi.json')]: '{}',
    [at('api/openapi-spec/v3/..%2f..%2fevil__v1_openapi.json')]: '{}',
  })
}
