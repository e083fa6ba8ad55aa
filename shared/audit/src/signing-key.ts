import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { canonicalJson } from './canonical-json.ts'

/** An Ed25519 key that signs checkpoints. `id` is the beginning of the digest of its public half. */
export interface SigningKey {
  id: string
  publicKey: string
  sign(line: object): string
}

/** A new key, not yet on disk. */
export function makeKey(): { key: SigningKey; pem: string } {
  const { privateKey } = generateKeyPairSync('ed25519')
  return { key: keyOf(privateKey), pem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() }
}

/** The key in `file`; undefined where there is no file. */
export function readKey(file: string): SigningKey | undefined {
  return existsSync(file) ? keyOf(createPrivateKey(readFileSync(file))) : undefined
}

/** Writes a first key; false when another process was quicker. */
export function writeFirstKey(file: string, pem: string): boolean {
  try {
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx', flush: true })
    return true
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false
    throw thrown
  }
}

/** Lays a new key beside the old one; `adoptKey` puts it in the old one's place in one step. */
export function stageKey(file: string, pem: string): void {
  writeFileSync(`${file}.new`, pem, { mode: 0o600, flush: true })
}

export function stagedKey(file: string): SigningKey | undefined {
  return readKey(`${file}.new`)
}

export function adoptKey(file: string): void {
  renameSync(`${file}.new`, file)
}

/** True when `signature` over `line` was made by the private half of `publicKey` (base64 SPKI). Never throws. */
export function signed(line: object, signature: unknown, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return verify(null, textToSign(line), key, Buffer.from(String(signature), 'base64'))
  } catch {
    return false
  }
}

/** The id a public key (base64 SPKI) must carry. */
export function idOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 16)
}

function keyOf(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64')
  return {
    id: idOf(publicKey),
    publicKey,
    sign: (line) => sign(null, textToSign(line), privateKey).toString('base64'),
  }
}

function textToSign(line: object): Buffer {
  return Buffer.from(`gatehouse/checkpoint/1\n${canonicalJson(line)}`)
}
