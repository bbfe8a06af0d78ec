import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/model/config.ts'
import { parseConfig } from '../../src/plan/config-file.ts'
import { configOfShard, folderOfShard, parseShard, policyOfShard } from '../../src/plan/shard.ts'
import { refusalOf } from './refusal.ts'

const configOf = (scenarios: number, gate = ''): Config => {
  const lines = Array.from({ length: scenarios }, (_, index) => index + 1).map(
    (concurrency) => `  - { prompt-tokens: 16, output-tokens: 8, concurrency: ${concurrency} }`,
  )
  const text = `version: 1\nserver: { command: 'serve --port {{port}}' }\nscenarios:\n${lines.join('\n')}\n${gate}`
  return parseConfig(text, 'llm-perf.yml')
}
const namesOf = ({ load }: Config) => load.scenarios.map(({ name }) => name)

describe('a shard', () => {
  test.each([
    ['1/1', 1, 1],
    ['2/4', 2, 4],
    [' 64 / 64 ', 64, 64],
  ])('%s is the part %s of %s', (text, index, count) => {
    expect(parseShard(text)).toEqual({ index, count })
  })

  test.each([
    '',
    '0/4',
    '5/4',
    '1/65',
    '2',
    '2/',
    '/4',
    '2/4/1',
    '-1/4',
    '1.5/4',
    '1e0/4',
    'a/b',
    '02/4',
    '2\\4',
    '२/४',
  ])('"%s" is none', (text) => {
    expect(parseShard(text)).toBeNull()
  })
})

describe('the configuration of a shard', () => {
  test('has every scenario in exactly one of them, as even as can be', () => {
    const whole = configOf(7)
    const parts = [1, 2, 3].map((index) => configOfShard(whole, { index, count: 3 }))
    expect(parts.flatMap(namesOf).toSorted()).toEqual(namesOf(whole).toSorted())
    expect(parts.map(({ load }) => load.scenarios.length)).toEqual([3, 2, 2])
  })

  test('differs from the whole in scenarios and policy alone', () => {
    const whole = configOf(4)
    const shard = { index: 2, count: 2 }
    const part = configOfShard(whole, shard)
    expect(part.gate).toEqual({ ...whole.gate, shard })
    expect({ ...part.load, scenarios: [] }).toEqual({ ...whole.load, scenarios: [] })
    expect(part.server).toEqual(whole.server)
    expect(configOfShard(whole, null)).toBe(whole)
  })

  test('is refused where a shard would have no scenario', () => {
    const { code, message, hint } = refusalOf(() => configOfShard(configOf(3), { index: 1, count: 4 }))
    expect(code).toBe('usage')
    expect(message).toContain('Shard 1/4: got 4 shards for 3 scenarios')
    expect(hint).toContain('3 shards at most')
  })

  test('is refused where its part of the error budget could never convict', () => {
    const gate = 'gate: { max-pairs: 8 }\n'
    const refused = refusalOf(() => configOfShard(configOf(6, gate), { index: 1, count: 3 }))
    expect(refused.code).toBe('usage')
    expect(refused.message).toContain('gate.max-pairs: got 8, with 3 shards')
    expect(refused.hint).toContain('gate.max-pairs to 11')
    expect(configOfShard(configOf(6, gate), { index: 1, count: 2 }).gate.maxPairs).toBe(8)
  })
})

test('the policy of the base branch is held to the same', () => {
  const { gate } = configOf(1)
  expect(policyOfShard(gate, null)).toBe(gate)
  expect(policyOfShard(gate, { index: 1, count: 64 })).toEqual({ ...gate, shard: { index: 1, count: 64 } })
  expect(refusalOf(() => policyOfShard({ ...gate, maxPairs: 8 }, { index: 1, count: 4 })).code).toBe('usage')
})

test('two shards on one machine have a folder each, and neither is that of the whole', () => {
  const folders = [null, { index: 1, count: 2 }, { index: 2, count: 2 }, { index: 2, count: 4 }].map((shard) =>
    folderOfShard('gpu', shard),
  )
  expect(folders).toEqual(['gpu', 'gpu-shard-1-of-2', 'gpu-shard-2-of-2', 'gpu-shard-2-of-4'])
})
