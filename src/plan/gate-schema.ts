import { z } from 'zod'
import { defaultPolicy } from '../model/policy.ts'
import { fraction, positiveNumber, section, wholeNumber } from './leaves.ts'

/** A self-hosted job ends after five days. */
const maxBudgetMinutes = 7_200

const margins = section({
  latency: fraction(0.1, 100).default(defaultPolicy.margins.latencyTail).describe('Tail latency of one scenario.'),
  'tokens-per-second': fraction(0.1, 100)
    .default(defaultPolicy.margins.tokensPerSecond)
    .describe('Tokens per second of one scenario.'),
  'all-latency': fraction(0.1, 100)
    .default(defaultPolicy.margins.latencyTailAll)
    .describe('Tail latency of all scenarios together.'),
  'all-tokens-per-second': fraction(0.1, 100)
    .default(defaultPolicy.margins.tokensPerSecondAll)
    .describe('Tokens per second of all scenarios together.'),
})

/** Section `gate`. */
export const gateSchema = section({
  margins: margins.prefault({}).describe('How much slower is accepted; twice as much is found 95 times in 100.'),
  'failure-limit': fraction(0, 50)
    .default(defaultPolicy.failureLimit)
    .describe('Failed requests allowed in a scenario.'),
  'max-pairs': z
    .literal([8, 11, 14, 18], { error: '8, 11, 14 or 18' })
    .default(defaultPolicy.maxPairs as 18)
    .describe('Largest number of base and head trials that are compared side by side.'),
  trials: wholeNumber(1, 50)
    .default(defaultPolicy.trials)
    .describe('Head trials before any comparison, and trials of a push to the default branch.'),
  'calibration-trials': wholeNumber(2, 100)
    .default(defaultPolicy.calibrationTrials)
    .describe('Trials of the first baseline and of mode calibrate.'),
  'budget-minutes': positiveNumber(maxBudgetMinutes, 'minutes')
    .default(defaultPolicy.budgetMinutes)
    .describe('Time after which no further trial is started.'),
})

export type GateFile = z.infer<typeof gateSchema>
