import { type Command, type Meaning, write } from '../command.ts'
import type { FlagShapes } from '../flags.ts'
import { mistaken, refused } from '../refusal.ts'

export const contextFlags: FlagShapes = {}

/** `config use-context prod`: the default context of one server, where the caller speaks for one. */
export function useContext({ parsed, server }: Command): Meaning {
  if (server === undefined) {
    throw refused(
      'contexts are not switched by a command',
      'Give the tool the parameter "context" with each call',
    )
  }
  const [context, ...more] = parsed.args
  if (context === undefined || more.length > 0)
    throw mistaken('config use-context takes the name of one context')
  return write([{ type: 'switchContext', server, context }])
}
