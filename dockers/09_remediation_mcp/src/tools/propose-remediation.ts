import { remediation, remediationSubmission } from '@gatehouse/approvals/remediation'
import { pending, pendingText } from '@gatehouse/tools'
import { defineTool } from '../tool.ts'

export const proposeRemediation = defineTool({
  name: 'propose_remediation',
  title: 'Propose a remediation',
  description: 'Asks a person to approve kubectl commands as one plan; nothing runs before',
  risk: 'destructive',
  proposes: true,
  input: remediation,
  output: pending,
  examples: [
    {
      title: 'Restart crashed pods',
      input: {
        action: 'Restart crashed pods',
        commands: [
          {
            command: 'kubectl delete pod api-service-7b4f9d -n production',
            explanation: 'Delete the OOMKilled pod to trigger restart',
            safety_level: 'CAUTION',
          },
        ],
        metadata: { severity: 'HIGH', service: 'api-service', namespace: 'production' },
      },
    },
  ],
  summarize: pendingText,
  run: async (input, { caller, correlationId, signal }, { approvals, clusters }) => {
    const { operations, claim = {}, tool } = await remediationSubmission(input, clusters, signal)
    return approvals.submit({ operations, claim }, { tool, caller, correlationId, signal })
  },
})
