const CERTIFICATE_FIELDS = new Set([
  'caBundle', 'ca.crt', 'caCert', 'certificate-authority-data', 'client-certificate-data', 'certificateAuthorityData',
  'clientCertificateData', 'certificate', 'ca', 'caData', 'ca-bundle.crt', 'tls.crt',
]) // biome-ignore format: a word list
const BEGIN = '-----BEGIN CERTIFICATE-----'
const BEGIN_BASE64 = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t'
const SHORTEST = 256

/** Certificates are public but long: in fields that hold one, a note of the size stands in for it. */
export function publicNote(field: string, value: string): string | undefined {
  if (value.length < SHORTEST || !CERTIFICATE_FIELDS.has(field)) return undefined
  const head = value.trimStart()
  if (!head.startsWith(BEGIN) && !head.startsWith(BEGIN_BASE64)) return undefined
  const text = head.startsWith(BEGIN) ? value : Buffer.from(value, 'base64').toString('latin1')
  // A bundle may carry its key behind the certificate; then the text stages must see it.
  if (text.includes('PRIVATE')) return undefined
  return `[certificate, ${(text.length / 1000).toFixed(1)} kB]`
}
