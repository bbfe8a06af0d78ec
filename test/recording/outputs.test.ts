import { expect, test } from 'vitest'
import type { TrialOutputs } from '../../src/model/outputs.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { evidenceOfTrial } from '../../src/recording/evidence.ts'
import { runFileSchema } from '../../src/recording/schema.ts'
import { fiveRequests, header, scenario, trial } from './sample.ts'

const outputs: TrialOutputs = {
  questions: '0123456789abcdef',
  answers: [{ digest: 'd06162d1b49560af', beginning: 'Paris', finishReason: null, tokens: 16 }, null],
  durationMs: 87.5,
}
const fileWith = (given: unknown) => ({ ...header, trials: [{ ...trial('h1', 0), outputs: given }] })

test('the greedy answers of a trial come back as they were written, and reach the judge', () => {
  const read = runFileSchema.parse(JSON.parse(JSON.stringify(fileWith(outputs))))
  const [record = trial('h1', 0)] = read.trials
  expect(record.outputs).toEqual(outputs)
  expect(evidenceOfTrial(record, fiveRequests('h1'), [scenario], defaultPolicy, null).outputs).toEqual(outputs)
})

test('a recording of before has none, and nothing is made up', () => {
  const [record = trial('h1', 0)] = runFileSchema.parse({ ...header, trials: [trial('h1', 0)] }).trials
  expect(record.outputs).toBeUndefined()
  expect(evidenceOfTrial(record, fiveRequests('h1'), [scenario], defaultPolicy, null).outputs).toBeUndefined()
})

test.for<[string, unknown]>([
  ['a digest of another length', { ...outputs, answers: [{ ...outputs.answers[0], digest: 'd061' }] }],
  ['an unknown key', { ...outputs, answers: [{ ...outputs.answers[0], text: 'Paris' }] }],
  ['half a token', { ...outputs, answers: [{ ...outputs.answers[0], tokens: 0.5 }] }],
  ['no name of the questions', { ...outputs, questions: undefined }],
  ['null in place of nothing', null],
])('%s is refused', ([, given]) => {
  expect(runFileSchema.safeParse(fileWith(given)).success).toBe(false)
})
