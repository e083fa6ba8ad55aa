import { didYouMean, nearest } from '@gatehouse/errors'
import type { ChangeFacts, SwitchFacts } from '../../facts.ts'
import { deny, type Finding } from '../finding.ts'
import { policyError } from '../policy-error.ts'
import type { RuleText } from '../settings.ts'
import { Effort } from './effort.ts'
import { chainOf, countTurns, type Expression, literalOf, walk } from './expression.ts'
import type { CompiledRule } from './rule.ts'
import { REQUESTER_FIELDS, RULE_FIELDS, ruleInput, toCel } from './rule-input.ts'

type Cel = typeof import('@bufbuild/cel')

const TICK = '@tick'
const DEEPEST_LOOP = 3
// The parser's time grows with the cube of unclosed brackets.
const MOST_BRACKETS = 100
const LONGEST_PATTERN = 300

/** Compiles all rules; one that does not compile, or reads what no change has, throws POLICY_INVALID with its name. */
export async function compileRules(rules: readonly RuleText[], file: string): Promise<CompiledRule[]> {
  if (rules.length === 0) return []
  const names = new Set<string>()
  const cel = await import('@bufbuild/cel')
  return rules.map((rule) => {
    const problem = (reason: string, cause?: unknown) =>
      policyError(file, `rule ${rule.name}: ${reason}`, cause)
    if (names.has(rule.name)) throw problem('there are two of this name')
    names.add(rule.name)
    return compileRule(cel, rule, problem)
  })
}

type Problem = (reason: string, cause?: unknown) => Error

function compileRule(cel: Cel, rule: RuleText, problem: Problem): CompiledRule {
  const root = parsed(cel, rule.when, problem)
  checkNames(root, problem)
  checkCalls(cel, root, problem)
  const effort = new Effort(cel)
  countTurns(root, TICK)
  const tick = cel.celFunc(TICK, [], cel.CelScalar.BOOL, () => effort.turn())
  const run = cel.plan(cel.celEnv({ funcs: [tick, ...effort.functions()] }), root)
  return { name: rule.name, judge: (facts) => judged(rule, evaluated(cel, run, effort, facts)) }
}

function judged(rule: RuleText, result: boolean | string): Finding[] {
  if (typeof result === 'string') return [deny('rule', `Rule ${rule.name} ${result}`)]
  if (!result) return []
  if (rule.deny !== undefined) return [deny('rule', `${rule.deny} (rule ${rule.name})`)]
  const { level = 1, approvers = 1 } = rule
  return [{ layer: 'rule', level, approvers, because: `rule ${rule.name}` }]
}

// A rule that says neither true nor false has not judged: whatever it was meant to hold back stays where it is.
function evaluated(
  cel: Cel,
  run: ReturnType<Cel['plan']>,
  effort: Effort,
  facts: ChangeFacts | SwitchFacts,
): boolean | string {
  effort.begin()
  try {
    const input = { change: toCel(ruleInput(facts)) } as Parameters<typeof run>[0]
    const result = run(input)
    if (effort.exceeded) return 'takes too many steps'
    if (typeof result === 'boolean') return result
    return cel.isCelError(result) ? 'could not be evaluated' : 'is neither true nor false'
  } catch {
    return 'could not be evaluated'
  }
}

function parsed(cel: Cel, text: string, problem: Problem): Expression {
  if ((text.match(/[([{]/g) ?? []).length > MOST_BRACKETS) throw problem('the expression is too long')
  try {
    const { expr } = cel.parse(text)
    if (expr) return expr
  } catch (cause) {
    const { location } = cause as { location?: { start?: { offset?: number } } }
    const at = location?.start?.offset
    throw problem(`not a CEL expression${at === undefined ? '' : ` at position ${at + 1} of "when"`}`, cause)
  }
  throw problem('the expression is empty')
}

// `change.nmae` would be an error at each change, and a rule that always denies is found at start instead.
function checkNames(root: Expression, problem: Problem): void {
  walk(root, (node, bound) => {
    if (bound.length / 3 > DEEPEST_LOOP)
      throw problem(`at most ${DEEPEST_LOOP} loops may stand in one another`)
    const chain = chainOf(node)
    if (!chain || bound.includes(chain[0] ?? '')) return
    const [first = '', field, deeper] = chain
    if (first !== 'change') throw problem(`there is no "${first.slice(0, 40)}"; rules see "change" only`)
    if (field === undefined) return
    if (!RULE_FIELDS.includes(field)) {
      const near = didYouMean(nearest(field, RULE_FIELDS))
      throw problem(`a change has no "${field.slice(0, 40)}"${near}`)
    }
    if (field === 'requester' && deeper !== undefined && !REQUESTER_FIELDS.includes(deeper)) {
      throw problem(`a requester has no "${deeper.slice(0, 40)}"`)
    }
  })
}

function checkCalls(cel: Cel, root: Expression, problem: Problem): void {
  const known = new Set([...cel.celEnv().funcs].map((func) => func.name))
  walk(root, ({ exprKind: kind }) => {
    if (kind.case === 'structExpr' && kind.value.messageName !== '') throw problem('it can make no messages')
    if (kind.case !== 'callExpr') return
    const { function: name, target, args } = kind.value
    if (!known.has(name) && !BUILT_IN.test(name)) throw problem(`there is no function ${name}()`)
    if (name !== 'matches') return
    const pattern = literalOf(target ? args[0] : args[1])
    if (pattern === undefined || pattern.length > LONGEST_PATTERN) {
      throw problem(`matches() needs a pattern written out, at most ${LONGEST_PATTERN} characters`)
    }
    const tried = cel.run(`'' .matches(${JSON.stringify(pattern)})`)
    if (cel.isCelError(tried)) throw problem(`not a pattern: ${pattern.slice(0, 60)}`)
  })
}

// Operators the planner knows itself.
const BUILT_IN = /^(_.*_|!_|-_|@in|@not_strictly_false|_\?_:_|_\[_\])$/
