/** Name of the one door for mutating requests; nothing outside this package can spell it. */
export const MUTATE: unique symbol = Symbol('mutate')
/** The same for commands in containers. */
export const EXEC: unique symbol = Symbol('exec')
