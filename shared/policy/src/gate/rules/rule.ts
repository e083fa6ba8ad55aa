import type { ChangeFacts, SwitchFacts } from '../../facts.ts'
import type { Finding } from '../finding.ts'

/** A rule of POLICY_FILE, ready to judge. It can only deny or raise; where it fails it denies. */
export interface CompiledRule {
  name: string
  judge(facts: ChangeFacts | SwitchFacts): Finding[]
}
