import { createSanitizer } from '@gatehouse/sanitizer'
import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'
import { knownValues } from '../../shared/sanitizer/test/corpus/classes/known.ts'
import { allTriples } from '../../shared/sanitizer/test/corpus/triples.ts'

export type SecondOpinion = { texts: number; before: number; after: number }

const RULE = '@secretlint/secretlint-rule-preset-recommend'

/** In how many texts secretlint's rules find a secret before our sanitizer and in how many after it. */
export async function askSecretlint(seed: number): Promise<SecondOpinion> {
  const sanitizer = createSanitizer({ key: 'bench', known: knownValues })
  const result: SecondOpinion = { texts: 0, before: 0, after: 0 }
  for (const triple of allTriples()) {
    if (!triple.claimed || triple.disguise !== 'none') continue
    for (const input of triple.sample(seed, 0)?.inputs ?? []) {
      if (!('text' in input)) continue
      result.texts++
      if (await finds(input.text)) result.before++
      if (await finds(sanitizer.text(input.text))) result.after++
    }
  }
  return result
}

async function finds(content: string): Promise<boolean> {
  const { messages } = await lintSource({
    source: { content, filePath: '/pod.log', contentType: 'text', ext: '.log' },
    options: { config: { rules: [{ id: RULE, rule: creator, rules: [], options: {} }] }, locale: 'en' },
  })
  // A mark of ours in the password's place still makes a connection string.
  return messages.some(({ range }) => !content.slice(...range).includes('[redacted:'))
}
