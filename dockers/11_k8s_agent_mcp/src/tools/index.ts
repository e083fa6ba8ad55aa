import type { AnyTool } from '@gatehouse/tools'
import { k8sDelete } from './k8s-delete.ts'
import { k8sGet } from './k8s-get.ts'
import { k8sList } from './k8s-list.ts'
import { k8sListEvents } from './k8s-list-events.ts'
import { k8sPodLogs } from './k8s-pod-logs.ts'

/** The five tools of this server. There is no setting for more. */
export const tools: AnyTool[] = [k8sList, k8sGet, k8sListEvents, k8sPodLogs, k8sDelete]
