import { expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { parseReferenceFlags } from '../../src/reference-server/index.ts'

const parse = (flags: Record<string, string>) => parseReferenceFlags((flag) => flags[flag])

test('nothing given: first token after 50 ms, then one every 10 ms, no faults', () => {
  expect(parse({})).toEqual({
    host: '127.0.0.1',
    port: 0,
    ttftMs: 50,
    gapMs: 10,
    tokensPerEvent: 1,
    eventsPerWrite: 1,
    fault: null,
    every: 1,
    after: 0,
    dieAt: null,
    logFile: null,
  })
})

test('every flag is heeded', () => {
  const flags = {
    port: '81',
    'ttft-ms': '0.5',
    'gap-ms': '0',
    fault: 'cut',
    every: '2',
    'fault-after': '8',
    'die-at': '20',
  }
  expect(parse(flags)).toMatchObject({ port: 81, ttftMs: 0.5, gapMs: 0, fault: 'cut', every: 2, after: 8, dieAt: 20 })
})

test('all problems at once, each with flag, value and what is allowed', () => {
  const wrong = { port: '70000', 'ttft-ms': '-1', 'gap-ms': '', every: '0', 'tokens-per-event': '1.5', fault: 'cuts' }
  expect(() => parse(wrong)).toThrow(ActionError)
  try {
    parse(wrong)
  } catch (error) {
    expect((error as ActionError).message.split('\n')).toEqual([
      '--ttft-ms: got "-1"; allowed: a number from 0',
      '--gap-ms: got ""; allowed: a number from 0',
      '--tokens-per-event: got "1.5"; allowed: a whole number from 1',
      '--every: got "0"; allowed: a whole number from 1',
      '--port: got "70000"; allowed: 0 to 65535',
      expect.stringMatching(/^--fault: got "cuts"; allowed: http-500, close, cut,/),
    ])
  }
})
