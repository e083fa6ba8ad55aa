import { contractSuite } from '@gatehouse/testing/contract'
import { createFixture } from '@gatehouse/testing/mcp'

// The suite on tools that need no cluster: a rule that is wrong shows here first.
const fixture = createFixture()
contractSuite({
  name: 'the fixture tools',
  tools: fixture.tools,
  inputs: { 'test.wait.hold': [] },
  start: async () => {
    const { url, stop } = await fixture.listen()
    return { url, close: () => stop(100) }
  },
})
