import type { AnyTool } from '@gatehouse/tools'
import { listPods } from './pods/list-pods.ts'

/** Every tool of this server, in the order of tools/list. */
export const tools: AnyTool[] = [listPods]
