import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/model/policy.ts'
import { parseConfig, parsePolicy } from '../../src/plan/config-file.ts'
import { overridesFrom } from '../../src/plan/overrides.ts'
import { minimal } from './minimal-config.ts'
import { messageOf } from './refusal.ts'

describe('overrides', () => {
  const input = (name: string) => `input \`${name}\``

  test('take the place of keys of the file', () => {
    const overrides = overridesFrom(
      {
        port: '9000',
        'server-command': 'other',
        'margin-latency': '20%',
        trials: '4',
        'ready-path': 'none',
        model: '7',
      },
      input,
    )
    const config = parseConfig(minimal, 'llm-perf.yml', overrides)
    expect(config.server).toMatchObject({ port: 9000, command: 'other', readyPath: null })
    expect(config.gate).toMatchObject({ trials: 4, margins: { latencyTail: 0.2, tokensPerSecond: 0.05 } })
    expect(config.load.api.model).toBe('7')
  })

  test('replace list and matrix of the file, whichever is given', () => {
    const overrides = overridesFrom({ matrix: '{ prompt-tokens: 4, output-tokens: [2, 3], concurrency: 1 }' }, input)
    const { scenarios } = parseConfig(minimal, 'llm-perf.yml', overrides).load
    expect(scenarios.map((scenario) => scenario.name)).toEqual(['p4-o2-c1', 'p4-o3-c1'])
  })

  test('are enough without a file', () => {
    const overrides = overridesFrom(
      { 'server-command': 'serve {{port}}', scenarios: '[{ prompt-tokens: 4, output-tokens: 2, concurrency: 1 }]' },
      input,
    )
    expect(parseConfig(null, 'llm-perf.yml', overrides).load.scenarios).toHaveLength(1)
  })

  test('that are empty are none', () => {
    expect(overridesFrom({ port: ' ', trials: '' }, input)).toEqual([])
  })

  test.each([
    ['port', '70000', 'input `port`: got 70000; allowed: a whole number from 1 to 65535'],
    ['api', 'rest', 'input `api`: got "rest"; allowed: openai-completions'],
    ['trials', 'many', 'input `trials`: got "many"; allowed: a whole number'],
    [
      'scenarios',
      '[{ prompt-tokens: 1, output-tokens: 1, concurrency: 0 }]',
      'input `scenarios` [0].concurrency: got 0',
    ],
    ['scenarios', '[{', 'input `scenarios`: not YAML'],
    ['scenarios', '&a [*a]', 'input `scenarios`: not YAML: &a contains itself'],
    ['scenarios', '!x [1]', 'input `scenarios`: not YAML: Unresolved tag'],
    ['matrix', 'a: [', 'input `matrix`: not YAML'],
    ['margin-latency', '10', 'input `margin-latency`: got 10; allowed: from 0.1% to 100%'],
  ] as const)('a wrong %s is told by the name of the input', (name, text, expected) => {
    const overrides = overridesFrom({ [name]: text }, input)
    expect(messageOf(() => parseConfig(minimal, 'llm-perf.yml', overrides))).toContain(expected)
  })

  test('leave a section that is no mapping to the schema', () => {
    const text = minimal.replace("{ command: 'serve --port {{port}}' }", '5')
    const overrides = overridesFrom({ port: '80' }, input)
    expect(messageOf(() => parseConfig(text, 'llm-perf.yml', overrides))).toContain('server: got 5; allowed: a mapping')
  })
})

describe('only the policy', () => {
  test('is read whatever the rest of the file says', () => {
    const text = 'version: 1\nserver: later\nnews: true\ngate: { trials: 5 }\n'
    expect(parsePolicy(text, 'llm-perf.yml')).toEqual({ ...defaultPolicy, trials: 5 })
  })

  test('is refused when it is wrong, or of another version', () => {
    expect(messageOf(() => parsePolicy('version: 1\ngate: { trial: 5 }\n', 'f.yml'))).toContain('did you mean trials?')
    expect(messageOf(() => parsePolicy('version: 9\n', 'f.yml'))).toContain('f.yml:1 version: got 9; allowed: 1')
  })

  test('takes policy overrides and ignores the others', () => {
    const overrides = overridesFrom({ trials: '7', port: '99999' }, (name) => name)
    expect(parsePolicy('version: 1\n', 'f.yml', overrides).trials).toBe(7)
  })
})
