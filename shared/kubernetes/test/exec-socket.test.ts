import { describe, expect, it } from 'vitest'
import { endOf } from '../src/client/exec-socket.ts'

describe('the end of a command', () => {
  it('is read from what a kubelet says', () => {
    expect(endOf('{"status":"Success"}')).toEqual({ exitCode: 0 })
    const causes = [{ reason: 'ExitCode', message: '137' }]
    const failed = {
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: 'exit code 137',
      details: { causes },
    }
    expect(endOf(JSON.stringify(failed))).toEqual({ exitCode: 137 })
    expect(endOf('{"status":"Failure","message":"no such program"}')).toEqual({ failure: 'no such program' })
  })

  it('that cannot be read is a failure, never a success', () => {
    for (const text of ['', 'nonsense', 'null', '[]', '{"reason":"NonZeroExitCode"}']) {
      expect(endOf(text)).toHaveProperty('failure')
    }
  })
})
