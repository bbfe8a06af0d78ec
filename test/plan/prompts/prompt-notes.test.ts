import { expect, test } from 'vitest'
import type { Scenario } from '../../../src/model/scenario.ts'
import { promptNotes } from '../../../src/plan/index.ts'
import { scenarioOf } from '../../load/load-setup.ts'

const own = (name: string, changes: Partial<Scenario>) =>
  scenarioOf({ name, prompts: { file: 'p.jsonl', sha256: '0'.repeat(64) }, ...changes })
const prompts = { 'p.jsonl': ['one', 'two', 'three'] }

test('prompts that come again are told, with file, numbers and scenario', () => {
  const scenarios = [own('often', { requests: 60 }), own('just enough', { requests: 3 }), scenarioOf({ requests: 60 })]
  expect(promptNotes({ scenarios, prompts })).toEqual([
    'p.jsonl holds 3 prompts for the 60 requests of "often": prompts come again, each time behind other words.',
  ])
})

test('requests that follow from a rate and a time count too', () => {
  const arrivals = { requestsPerSecond: 2, burstiness: 1 }
  const scenarios = [own('long', { requests: 3, arrivals, minSeconds: 30 })]
  expect(promptNotes({ scenarios, prompts })[0]).toContain('for the 60 requests of "long"')
})
