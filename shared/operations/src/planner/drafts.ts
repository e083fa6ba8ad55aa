import type { Draft, Drafting } from './draft.ts'
import { draftApply } from './draft-apply.ts'
import { draftCreate } from './draft-create.ts'
import { draftDelete, draftEvict } from './draft-delete.ts'
import { draftPatch } from './draft-patch.ts'
import { draftRestart } from './draft-restart.ts'
import { draftRollback } from './draft-rollback.ts'
import { draftScale } from './draft-scale.ts'
import type { Rehearsed } from './rehearsed.ts'

/** The request that carries an operation out, before the API server has seen it. */
export function draftOf(operation: Rehearsed, drafting: Drafting): Draft | Promise<Draft> {
  switch (operation.type) {
    case 'create':
      return draftCreate(operation, drafting)
    case 'apply':
      return draftApply(operation, drafting)
    case 'patch':
      return draftPatch(operation, drafting)
    case 'scale':
      return draftScale(operation, drafting)
    case 'restart':
      return draftRestart(drafting)
    case 'rollback':
      return draftRollback(operation, drafting)
    case 'delete':
      return draftDelete(operation, drafting)
    case 'evict':
      return draftEvict(operation, drafting)
  }
}
