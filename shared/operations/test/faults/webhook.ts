import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createAuthority, serverCertificate } from '../../../testing/src/cluster/certificates.ts'
import type { KubeJson } from '../harness.ts'

export interface Webhook extends AsyncDisposable {
  /** JSON patch to answer with; a refusal where it is a text. */
  respond: (object: KubeJson, dryRun: boolean) => object[] | string
  /** Before it answers. */
  delayMs: (dryRun: boolean) => number
  calls: { dryRun: boolean; operation: string }[]
  /** The configuration that sends writes of one namespace here. */
  configuration(name: string, namespace: string, sideEffects: string): KubeJson
}

/** A mutating admission webhook of our own, trusted by an authority of its own. */
export async function startWebhook(): Promise<Webhook> {
  const authority = createAuthority()
  const { cert, key } = serverCertificate(authority, 'webhook', ['127.0.0.1'])
  const server = createServer({ cert, key }, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const review = JSON.parse(Buffer.concat(chunks).toString())
    const { uid, object, dryRun = false, operation } = review.request
    webhook.calls.push({ dryRun, operation })
    await pause(webhook.delayMs(dryRun))
    const answer = webhook.respond(object, dryRun)
    const patch = typeof answer === 'string' || answer.length === 0 ? undefined : answer
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: {
          uid,
          allowed: typeof answer !== 'string',
          ...(typeof answer === 'string' && { status: { message: answer } }),
          ...(patch && {
            patchType: 'JSONPatch',
            patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
          }),
        },
      }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const webhook: Webhook = {
    respond: () => [],
    delayMs: () => 0,
    calls: [],
    configuration: (name, namespace, sideEffects) => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name },
      webhooks: [
        {
          name: `${name}.gatehouse.test`,
          admissionReviewVersions: ['v1'],
          sideEffects,
          timeoutSeconds: 10,
          clientConfig: {
            url: `https://127.0.0.1:${port}/`,
            caBundle: Buffer.from(authority.cert).toString('base64'),
          },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
        },
      ],
    }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return webhook
}
