import type { parse } from '@bufbuild/cel'

/** A node of a parsed CEL expression. */
export type Expression = ReturnType<typeof parse>['expr']

/** Visits every node, outer ones first; `bound` are the names macros such as exists() have bound there. */
export function walk(
  node: Expression | undefined,
  visit: (node: NonNullable<Expression>, bound: readonly string[]) => void,
  bound: readonly string[] = [],
): void {
  if (!node) return
  visit(node, bound)
  const kind = node.exprKind
  if (kind.case === 'selectExpr') walk(kind.value.operand, visit, bound)
  else if (kind.case === 'callExpr') {
    for (const child of [kind.value.target, ...kind.value.args]) walk(child, visit, bound)
  } else if (kind.case === 'listExpr') {
    for (const child of kind.value.elements) walk(child, visit, bound)
  } else if (kind.case === 'structExpr') {
    for (const entry of kind.value.entries) {
      if (entry.keyKind.case === 'mapKey') walk(entry.keyKind.value, visit, bound)
      walk(entry.value, visit, bound)
    }
  } else if (kind.case === 'comprehensionExpr') {
    const { accuVar, iterVar, iterVar2, iterRange, accuInit, loopCondition, loopStep, result } = kind.value
    walk(iterRange, visit, bound)
    walk(accuInit, visit, bound)
    const inner = [...bound, accuVar, iterVar, iterVar2]
    for (const child of [loopCondition, loopStep, result]) walk(child, visit, inner)
  }
}

/** `change.requester.kind` as its names from left to right; undefined where it is no plain chain of names. */
export function chainOf(node: Expression | undefined): string[] | undefined {
  const kind = node?.exprKind
  if (kind?.case === 'identExpr') return [kind.value.name.replace(/^\./, '')]
  if (kind?.case !== 'selectExpr') return undefined
  const before = chainOf(kind.value.operand)
  return before && [...before, kind.value.field]
}

/** A text literal, or undefined. */
export function literalOf(node: Expression | undefined): string | undefined {
  const kind = node?.exprKind
  if (kind?.case !== 'constExpr' || kind.value.constantKind.case !== 'stringValue') return undefined
  return kind.value.constantKind.value
}

/** Lets every turn of every loop ask `tick()` first. */
export function countTurns(root: Expression, tick: string): void {
  walk(root, (node) => {
    if (node.exprKind.case !== 'comprehensionExpr') return
    const loop = node.exprKind.value
    const call = (name: string, args: NonNullable<Expression>[]): NonNullable<Expression> => ({
      ...node,
      exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args } },
    })
    if (loop.loopCondition) loop.loopCondition = call('_&&_', [call(tick, []), loop.loopCondition])
  })
}
