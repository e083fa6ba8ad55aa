import { gateIntent, type Intent } from '@gatehouse/policy'

type Words = Omit<Intent, 'verb'>

/** What the input of a tool asks for, for `gate` and for `locate` alike. */
export function intentOf(verb: Intent['verb'], { kind, apiVersion, namespace, name }: Words): Intent {
  return { verb, kind, apiVersion, namespace, name }
}

/** A tool's `gate` where the words of its input are all that is judged. */
export function gateAs(verb: Intent['verb']): (input: Words) => void {
  return (input) => gateIntent(intentOf(verb, input))
}
