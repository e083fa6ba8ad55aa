import { ended, parseType, type TypingsType } from './typings-types.ts'

interface DeclaredField {
  name: string
  required: boolean
  description: string
  type: TypingsType
}

export interface Declaration {
  description: string
  fields: DeclaredField[]
  /** Names of the models it refers to. */
  imports: string[]
}

const COMMENT = String.raw`\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*`
const CLASS = new RegExp(String.raw`(?:${COMMENT})?export declare class \w+ \{`)
// Sticky, so that whatever stands in a comment is never taken for a field.
const FIELD = new RegExp(String.raw`\s*(?:${COMMENT})?'([^']+)'(\??): `, 'y')
const FIELD_END = /;/y

/** Reads one `models/*.d.ts`. They are all written by one generator: a class whose fields come before its statics. */
export function parseDeclaration(text: string): Declaration {
  const found = CLASS.exec(text)
  if (!found) throw new Error('No class in the typings of the Kubernetes client')
  const imports = [...text.matchAll(/^import \{ (\w+) \} from '\.\.\/models\//gm)].flatMap(
    ([, name]) => name ?? [],
  )
  return {
    description: commentText(found[1] ?? ''),
    fields: [...fieldsOf(text, found.index + found[0].length)],
    imports,
  }
}

function* fieldsOf(text: string, start: number): Generator<DeclaredField> {
  FIELD.lastIndex = start
  for (let match = FIELD.exec(text); match; match = FIELD.exec(text)) {
    const [, comment = '', name = '', optional] = match
    const { type, end } = parseType(text, FIELD.lastIndex)
    yield { name, required: optional === '', description: commentText(comment), type }
    FIELD.lastIndex = ended(FIELD_END, text, end)
  }
}

// The generator escapes quotes and backslashes, and keeps comment marks apart so that they do not end the comment.
function commentText(comment: string): string {
  return comment
    .replaceAll(/^[ \t]*\* ?/gm, '')
    .trim()
    .replaceAll(/\\(["'\\])/g, '$1')
    .replaceAll('*_/', '*/')
    .replaceAll('/_*', '/*')
}
