/**
 * The few DER types an X.509 certificate is made of. node:crypto reads certificates but cannot write them,
 * and neither openssl nor a further Go program should be needed to start a cluster.
 */

/** Any value as tag, length, content. */
export function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

function lengthOf(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size])
  const bytes: number[] = []
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

export const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content)
export const set = (...content: Uint8Array[]): Buffer => der(0x31, ...content)
export const octets = (content: Uint8Array): Buffer => der(0x04, content)
export const bits = (content: Uint8Array, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content)
export const text = (value: string): Buffer => der(0x0c, Buffer.from(value, 'utf8'))
export const truth = (): Buffer => der(0x01, Buffer.from([0xff]))

/** A positive integer; a leading zero keeps a high first bit from reading as a minus sign. */
export function integer(content: Uint8Array): Buffer {
  const first = content[0] ?? 0
  return first >= 0x80 ? der(0x02, Buffer.from([0]), content) : der(0x02, content)
}

/** An object identifier such as 2.5.4.3. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const group = [part % 128]
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) {
      group.unshift((left % 128) | 0x80)
    }
    bytes.push(...group)
  }
  return der(0x06, Buffer.from(bytes))
}

/** GeneralizedTime is for years from 2050 on; every certificate here ends well before. */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]/g, '')
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`))
}
