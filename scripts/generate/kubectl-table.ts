import { UNSUPPORTED } from '../../shared/operations/src/kubectl/unsupported.ts'
import { VERBS } from '../../shared/operations/src/kubectl/verbs.ts'
import { table } from './tables.ts'

/** Verbs × flags of the kubectl text that is carried out, and what stands for the rest: Markdown for docs/kubectl.md. */
export function verbTable(): string {
  const rows = Object.entries(VERBS).map(([name, { flags }]) => [
    `\`${name}\``,
    Object.entries(flags)
      .filter(([, { refuse }]) => !refuse)
      .map(([flag, { short }]) => `\`--${flag}\`${short ? ` \`-${short}\`` : ''}`)
      .join(' '),
  ])
  return table(['Verb', 'Flags'], rows)
}

export function unsupportedTable(): string {
  return table(
    ['Not carried out', 'Instead'],
    Object.entries(UNSUPPORTED).map(([name, hint]) => [`\`${name}\``, hint]),
  )
}
