import type { Span } from '../span.ts'

const TOKEN = /[a-z0-9]{6}\.[a-z0-9]{16}(?![\w-]|\.\w)/y

/** kubeadm bootstrap tokens, `abcdef.0123456789abcdef`. Their only landmark is the dot, so it goes from dot to dot. */
export function findBootstrapTokens(text: string, out: Span[]): void {
  for (let dot = text.indexOf('.', 6); dot !== -1; dot = text.indexOf('.', dot + 1)) {
    const start = dot - 6
    if (start > 0 && /[\w.-]/.test(text[start - 1] ?? '')) continue
    TOKEN.lastIndex = start
    // A file name or a package of that shape has no digits; a random token nearly always does.
    if (TOKEN.test(text) && /\d/.test(text.slice(start, TOKEN.lastIndex))) {
      out.push({ start, end: TOKEN.lastIndex, kind: 'bootstrap-token' })
    }
  }
}
