import type { Clusters } from '@gatehouse/kubernetes'
import type { KubectlRead } from '../read.ts'
import * as about from './about.ts'
import type { AnswerOptions } from './deps.ts'
import { answerList } from './lists.ts'
import { answerDescribe, answerGet, answerRollout } from './objects.ts'

/**
 * Answers a read as kubectl would print it, from masked objects and within `maxTokens`.
 * @throws GatehouseError as the reads of shared/kubernetes do
 */
export async function answerRead(
  read: KubectlRead,
  clusters: Clusters,
  options: AnswerOptions = {},
): Promise<string> {
  const asking = { ...options, cluster: clusters.cluster(read.context) }
  switch (read.verb) {
    case 'list':
      return answerList(read, asking)
    case 'get':
      return answerGet(read, asking)
    case 'describe':
      return answerDescribe(read, asking)
    case 'logs':
      return about.answerLogs(read, asking)
    case 'top':
      return about.answerTop(read, asking)
    case 'explain':
      return about.answerExplain(read, asking)
    case 'api-resources':
      return about.answerApiResources(read, asking)
    case 'version':
      return about.answerVersion(asking)
    case 'can-i':
      return about.answerCanI(read, asking)
    case 'rollout':
      return answerRollout(read, asking)
  }
}
