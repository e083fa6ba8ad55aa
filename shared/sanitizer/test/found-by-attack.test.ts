import { describe, expect, test } from 'vitest'
import { createSanitizer } from '../src/index.ts'

const sanitizer = createSanitizer({ key: 'test key' })
const S = 'Zq7vLw2KpX9tRb4N'
const T = 'mK8sJd03hFqPw5Yc'
const HASH = '9f86d081884c7d659a2feaa0c55ad015'

/** What someone who had not written the patterns got through. */
const leaks: [string, string][] = [
  ['TOML, one line', `token = '''${S}'''`],
  ['TOML, lines', `secret_key = """\n${S}\n"""`],
  ['HCL here-document', `private_key = <<EOF\n${S}\n${T}\nEOF`],
  ['YAML tag before a block', `password: !binary |\n  ${S}\n  ${T}`],
  ['Go spew', `(string) (len=8) "password": (string) (len=16) "${S}"`],
  ['Go spew, a struct', ` Password: (string) (len=16) "${S}",`],
  ['PHP var_dump', `["password"]=>\n  string(16) "${S}"`],
  ['PHP serialize', `s:8:"password";s:16:"${S}";`],
  ['PHP define', `define( 'AUTH_KEY', '${S}' );`],
  ['Python tuple', `[('X-Api-Key', '${S}')]`],
  ['node rawHeaders', `[ 'Authorization', 'Bearer ${S}', 'Cookie', 'sid=${T}' ]`],
  ['Envoy', `'cookie', 'sid=${T}'\n'x-api-key', '${S}'`],
  ['Erlang', `{default_pass, <<"${S}">>}`],
  ['JSON list', `"passwords":["${S}","${T}"]`],
  ['JSON, value inside', `"password":{"value":"${S}"}`],
  ['XML property', `<property name="hibernate.connection.password">${S}</property>`],
  ['XML add', `<add key="ApiKey" value="${S}" />`],
  ['XML, Hadoop', `<name>fs.s3a.secret.key</name><value>${S}</value>`],
  ['SOAP', `<wsse:Password Type="x#PasswordText">${S}</wsse:Password>`],
  ['property list', `<key>password</key>\n<string>${S}</string>`],
  ['form', `Content-Disposition: form-data; name="password"\r\n\r\n${S}\r\n--x`],
  ['Digest', `Authorization: Digest username="x", nonce="n", response="${HASH}"`],
  ['Hawk', `Authorization: Hawk id="x", mac="${S}"`],
  ['Terraform', `  ~ master_password = "${S}" -> "${T}"`],
  ['AWS', `"SecretString": "${S}"`],
  ['vault kv', `---         -----\npassword    ${S}\nusername    app`],
  ['vault init', `Unseal Key 1: ${S}`],
  ['netrc', `machine x.example\n  login bob\n  password ${S}`],
  ['redis.conf', `requirepass ${S}\nmasterauth ${T}`],
  ['Dockerfile', `ENV API_TOKEN ${S}`],
  ['csh', `setenv DB_PASSWORD ${S}`],
  ['MySQL', `SET PASSWORD FOR 'x'@'%' = PASSWORD('${S}')`],
  ['MySQL, first start', `[Note] A temporary password is generated for root@localhost: ${S}`],
  ['sshpass', `SSHPASS=${S} sshpass -e ssh x`],
  ['create secret', `kubectl create secret generic db --from-literal=blob=${S} --from-literal two=${T}`],
  ['kubeadm certificates', `--certificate-key ${HASH}${HASH}`],
  ['podman', `podman login -u x -p ${S} r.io`],
  ['az', `az login --service-principal -u x -p ${S}`],
  ['etcdctl', `etcdctl --user root:${S} get x`],
  ['curl cookie', `curl -b "session=${S}" https://x`],
  ['token as user of a URL', `https://${S}x9:x-oauth-basic@github.com/a/b`],
  ['Sentry, old', `https://${HASH}:${T}@sentry.io/1`],
  ['shadow', `root:$5$${S}$${T}:19000:0:`],
  ['shadow, yescrypt', `root:$y$j9T$${S}$${T}`],
  ['LDAP', `userPassword: {SSHA}${S}${T}`],
  ['authorization code', `GET /cb?code=${S}&state=x HTTP/1.1`],
  ['OAuth 1', `oauth_token=x&oauth_verifier=${T}`],
  ['SAML', `POST /acs?SAMLResponse=${S}${T}%3D HTTP/1.1`],
  ['JWK', `{"kty":"RSA","n":"x","d":"${S}","p":"${T}"}`],
  ['JWK, symmetric', `{"k":"${S}","kty":"oct"}`],
  ['Discord', `https://discord.com/api/webhooks/123456789012345678/${S}${T}`],
  ['element in a cut text', `<password>${S}`],
]

describe('what must be gone', () => {
  test.each(leaks)('%s', (_name, text) => {
    const result = sanitizer.text(text)
    for (const secret of [S, T, HASH]) expect(result).not.toContain(secret.slice(2, 12))
    expect(sanitizer.text(result)).toBe(result)
  })
})
