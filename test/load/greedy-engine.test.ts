// A real model server: the same model gives the same answers on every start, another model gives others.
import { expect, test } from 'vitest'
import { askGreedily, questions } from '../../src/load/greedy-answers.ts'
import { connect } from '../../src/load/index.ts'
import type { TrialOutputs } from '../../src/model/outputs.ts'
import { startEngineProcess } from '../engine/engine-process.ts'
import { apiConfig, noAbort } from './load-setup.ts'

const timeoutMs = 30_000

async function answersOf(seed: number, type: 'openai-completions' | 'openai-chat'): Promise<TrialOutputs> {
  const engine = await startEngineProcess(['--preset', 'nano', '--seed', String(seed)])
  try {
    const target = await connect(engine.url, apiConfig(type), { signal: noAbort, timeoutMs })
    const outputs = await askGreedily(target, { signal: noAbort, timeoutMs })
    if (outputs === null) throw new Error('nothing was asked')
    return outputs
  } finally {
    await engine.stop()
  }
}

test.for(['openai-completions', 'openai-chat'] as const)('%s', { timeout: 120_000 }, async (type) => {
  const first = await answersOf(1, type)
  expect(first.answers).toHaveLength(questions.length)
  expect(first.answers.every((answer) => answer !== null && (answer.tokens ?? 0) > 0)).toBe(true)
  expect((await answersOf(1, type)).answers).toEqual(first.answers)
  const other = await answersOf(2, type)
  expect(other.questions).toBe(first.questions)
  for (const [index, answer] of other.answers.entries()) {
    expect(answer?.digest).not.toBe(first.answers[index]?.digest)
  }
})
