import type { AnyTool } from '@gatehouse/tools'
import { applyManifest } from './apply/apply-manifest.ts'
import { diffManifest } from './apply/diff-manifest.ts'
import { explainResource } from './cluster/explain-resource.ts'
import { getClusterInfo } from './cluster/get-cluster-info.ts'
import { getContexts } from './cluster/get-contexts.ts'
import { getCurrentContext } from './cluster/get-current-context.ts'
import { listApiResources } from './cluster/list-api-resources.ts'
import { listNamespaces } from './cluster/list-namespaces.ts'
import { listNodes } from './cluster/list-nodes.ts'
import { switchContext } from './cluster/switch-context.ts'
import { getRolloutStatus } from './deployments/get-rollout-status.ts'
import { listDeployments } from './deployments/list-deployments.ts'
import { restartDeployment } from './deployments/restart-deployment.ts'
import { rollbackDeployment } from './deployments/rollback-deployment.ts'
import { scaleDeployment } from './deployments/scale-deployment.ts'
import { searchDocs } from './docs/search.ts'
import { listEvents } from './events/list-events.ts'
import { getMetrics } from './get-metrics.ts'
import { topNodes } from './metrics/top-nodes.ts'
import { topPods } from './metrics/top-pods.ts'
import { getOperation } from './operations/get-operation.ts'
import { listOperations } from './operations/list-operations.ts'
import { waitForOperation } from './operations/wait-for-operation.ts'
import { createPod } from './pods/create-pod.ts'
import { deletePod } from './pods/delete-pod.ts'
import { execInPod } from './pods/exec-in-pod.ts'
import { getPod } from './pods/get-pod.ts'
import { getPodLogs } from './pods/get-pod-logs.ts'
import { listPods } from './pods/list-pods.ts'
import { deleteResource } from './resources/delete-resource.ts'
import { describeResource } from './resources/describe-resource.ts'
import { findReferences } from './resources/find-references.ts'
import { getResource } from './resources/get-resource.ts'
import { listResources } from './resources/list-resources.ts'
import { patchResource } from './resources/patch-resource.ts'
import { listServices } from './services/list-services.ts'

/** Every tool of this server, in the order of tools/list. */
export const tools: AnyTool[] = [
  getContexts,
  getCurrentContext,
  getClusterInfo,
  listNamespaces,
  listNodes,
  listApiResources,
  explainResource,
  switchContext,
  listPods,
  getPod,
  getPodLogs,
  createPod,
  deletePod,
  execInPod,
  listDeployments,
  getRolloutStatus,
  scaleDeployment,
  restartDeployment,
  rollbackDeployment,
  listServices,
  listEvents,
  listResources,
  getResource,
  describeResource,
  findReferences,
  deleteResource,
  patchResource,
  diffManifest,
  applyManifest,
  getOperation,
  listOperations,
  waitForOperation,
  topPods,
  topNodes,
  searchDocs,
  getMetrics,
]
