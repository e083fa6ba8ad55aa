import type { parse } from '@bufbuild/cel'

/** A node of a parsed CEL expression. */
export type Expression = ReturnType<typeof parse>['expr']

/** A name of the expression that no macro such as exists() has bound. */
export interface Variable {
  name: string
  node: Expression
  /** Something of it is read: `status.phase`, `data['a']`. */
  dotted: boolean
  /** The fields that are read one after the other: phase; containers, of `spec.containers[0]`. */
  fields: string[]
}

/** Visits every node, the inner ones first; `bound` are the names macros have bound there. */
export function walk(
  node: Expression | undefined,
  visit: (node: Expression, bound: readonly string[], parent: Expression | undefined) => void,
  bound: readonly string[] = [],
  parent?: Expression,
): void {
  if (!node) return
  const kind = node.exprKind
  const into = (child: Expression | undefined, names = bound) => walk(child, visit, names, node)
  if (kind.case === 'selectExpr') into(kind.value.operand)
  else if (kind.case === 'callExpr') for (const child of [kind.value.target, ...kind.value.args]) into(child)
  else if (kind.case === 'listExpr') for (const child of kind.value.elements) into(child)
  else if (kind.case === 'structExpr') {
    for (const entry of kind.value.entries) {
      if (entry.keyKind.case === 'mapKey') into(entry.keyKind.value)
      into(entry.value)
    }
  } else if (kind.case === 'comprehensionExpr') {
    const { accuVar, iterVar, iterVar2, ...parts } = kind.value
    into(parts.iterRange)
    into(parts.accuInit)
    const inner = [...bound, accuVar, iterVar, iterVar2]
    for (const child of [parts.loopCondition, parts.loopStep, parts.result]) into(child, inner)
  }
  visit(node, bound, parent)
}

/** The free variables of an expression, in the order they are written. */
export function variablesOf(root: Expression): Variable[] {
  const parents = new Map<Expression, Expression | undefined>()
  const free: { name: string; node: Expression }[] = []
  walk(root, (node, bound, parent) => {
    parents.set(node, parent)
    if (node.exprKind.case !== 'identExpr') return
    const name = node.exprKind.value.name.replace(/^\./, '')
    if (!bound.includes(name)) free.push({ name, node })
  })
  return free.map(({ name, node }) => {
    const fields: string[] = []
    let at = parents.get(node)
    for (; at?.exprKind.case === 'selectExpr'; at = parents.get(at)) fields.push(at.exprKind.value.field)
    const kind = fields.length === 0 ? at?.exprKind : undefined
    const indexed = kind?.case === 'callExpr' && kind.value.function === '_[_]' && kind.value.args[0] === node
    return { name, node, fields, dotted: fields.length > 0 || indexed }
  })
}

/** How deep loops (exists, all, map, filter) stand in one another. */
export function loopDepth(root: Expression): number {
  let deepest = 0
  walk(root, (node, bound) => {
    if (node.exprKind.case === 'comprehensionExpr') deepest = Math.max(deepest, bound.length / 3 + 1)
  })
  return deepest
}

/** Turns `node` into `object.<name>`, so that a dotted name reaches the object and not a printed column. */
export function readFromObject(node: Expression, name: string): void {
  const operand: Expression = { ...node, exprKind: ident('object') }
  node.exprKind = {
    case: 'selectExpr',
    value: { $typeName: 'cel.expr.Expr.Select', operand, field: name, testOnly: false },
  }
}

/** Turns `node` into a whole number. */
export function becomeNumber(node: Expression, value: number): void {
  node.exprKind = {
    case: 'constExpr',
    value: {
      $typeName: 'cel.expr.Constant',
      constantKind: { case: 'int64Value', value: BigInt(Math.round(value)) },
    },
  }
}

/** Lets every turn of every loop ask `tick()` first. */
export function countTurns(root: Expression, tick: string): void {
  walk(root, (node) => {
    if (node.exprKind.case !== 'comprehensionExpr') return
    const loop = node.exprKind.value
    const call = (name: string, args: Expression[]): Expression => ({
      ...node,
      exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args } },
    })
    if (loop.loopCondition) loop.loopCondition = call('_&&_', [call(tick, []), loop.loopCondition])
  })
}

function ident(name: string): Expression['exprKind'] {
  return { case: 'identExpr', value: { $typeName: 'cel.expr.Expr.Ident', name } }
}
