import type { AnyTool } from '@gatehouse/tools'
import { executeKubectl } from './execute-kubectl.ts'
import { getPendingApprovals } from './get-pending-approvals.ts'
import { proposeRemediation } from './propose-remediation.ts'

/** Every tool of this server, in the order of tools/list. */
export const tools: AnyTool[] = [proposeRemediation, executeKubectl, getPendingApprovals]
