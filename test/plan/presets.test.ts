import { describe, expect, test } from 'vitest'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'
import { parseConfig } from '../../src/plan/config-file.ts'
import { presetNames, profileNames, profiles } from '../../src/plan/presets.ts'

const scenariosOf = (yaml: string): readonly Scenario[] =>
  parseConfig(`version: 1\nserver: { command: 'serve {{port}}' }\n${yaml}\n`, 'llm-perf.yml').load.scenarios

describe('presets', () => {
  // Most in flight, requests a second, requests, prompt tokens, output tokens: as the guide to each use has them.
  test.each<[string, number, number | null, number, number, number]>([
    ['online-support', 50, 20, 1000, 256, 128],
    ['content-platform', 200, 100, 2000, 512, 512],
    ['code-assistant', 20, 10, 500, 1024, 256],
    ['quick-check', 10, null, 50, 512, 128],
  ])('%s', (name, concurrency, rate, requests, promptTokens, outputTokens) => {
    expect(scenariosOf(`scenarios: [{ preset: ${name} }]`)).toEqual([
      {
        ...plainLoad,
        name,
        promptTokens,
        outputTokens,
        concurrency,
        arrivals: rate === null ? null : { requestsPerSecond: rate, burstiness: 1 },
        requests,
        streaming: true,
      },
    ])
  })

  test('there are no others', () => {
    expect([...presetNames].sort()).toEqual(['code-assistant', 'content-platform', 'online-support', 'quick-check'])
  })

  test('give way to every key that stands beside them', () => {
    const [scenario] = scenariosOf(
      'scenarios: [{ name: mine, preset: online-support, prompt-tokens: 64, rate: 2, requests: 60, arrivals: constant, streaming: false }]',
    )
    expect(scenario).toMatchObject({
      name: 'mine',
      promptTokens: 64,
      outputTokens: 128,
      concurrency: 50,
      requests: 60,
      arrivals: { requestsPerSecond: 2, burstiness: null },
      streaming: false,
    })
  })

  test('give way to a profile, too', () => {
    const [scenario] = scenariosOf('scenarios: [{ preset: code-assistant, profile: tiny-LS }]')
    expect(scenario).toMatchObject({ promptTokens: 1200, outputTokens: 8, concurrency: 20 })
  })
})

describe('profiles', () => {
  test('are short and long prompts and answers in two sizes', () => {
    // Repetitions of a phrase of 3 tokens: 40 or 400 and 8 or 512 in tiny, 40 or 1000 and 1 or 512 in huge.
    const expected = Object.entries({ tiny: [400, 8], huge: [1000, 1] } as const).flatMap(([size, [long, short]]) =>
      (['SS', 'SL', 'LS', 'LL'] as const).map((shape) => [
        `${size}-${shape}`,
        {
          'prompt-tokens': 3 * (shape[0] === 'L' ? long : 40),
          'output-tokens': shape[1] === 'L' ? 512 : short,
        },
      ]),
    )
    expect(profiles).toEqual(Object.fromEntries(expected))
    for (const { 'prompt-tokens': prompt, 'output-tokens': output } of Object.values(profiles)) {
      expect(prompt + output).toBeLessThan(4096)
    }
  })

  test('stand for both lengths of a scenario, and name it', () => {
    expect(scenariosOf('scenarios: [{ profile: tiny-LS, concurrency: 4 }]')).toMatchObject([
      { name: 'tiny-LS-c4', promptTokens: 1200, outputTokens: 8, concurrency: 4 },
    ])
  })

  test('make a matrix together with loads, and can be excluded by name or by length', () => {
    const names = (exclude: string) =>
      scenariosOf(`matrix: { profiles: [tiny-SS, tiny-LL], concurrency: [1, 4], exclude: [${exclude}] }`).map(
        ({ name }) => name,
      )
    expect(names('')).toEqual(['tiny-SS-c1', 'tiny-SS-c4', 'tiny-LL-c1', 'tiny-LL-c4'])
    expect(names('{ profile: tiny-LL, concurrency: 4 }')).toEqual(['tiny-SS-c1', 'tiny-SS-c4', 'tiny-LL-c1'])
    expect(names('{ output-tokens: 512 }')).toEqual(['tiny-SS-c1', 'tiny-SS-c4'])
  })
})

describe('what is wrong with names is told', () => {
  const messageOf = (yaml: string): string => {
    try {
      scenariosOf(yaml)
    } catch (error) {
      return String(error)
    }
    throw new Error('accepted')
  }

  test.each([
    ['tiny-ll', 'tiny-LL'],
    ['TINY_SS', 'tiny-SS'],
    ['huge-LX', 'huge-LS'],
    ['tinyLS', 'tiny-LS'],
  ])('profile %s: did you mean %s?', (wrong, right) => {
    const message = messageOf(`scenarios: [{ profile: ${wrong}, concurrency: 1 }]`)
    expect(message).toContain(`scenarios[0].profile: got "${wrong}"; allowed: ${profileNames.join(', ')}`)
    expect(message).toContain(`did you mean ${right}?`)
    expect(message.match(/^- /gm)).toHaveLength(1)
  })

  test('a preset that nothing is near to is told without a guess', () => {
    const message = messageOf('scenarios: [{ preset: weather }]')
    expect(message).toContain('got "weather"; allowed: quick-check')
    expect(message).not.toContain('did you mean')
  })

  test('a wrong name in a matrix, by its place in the list', () => {
    const message = messageOf('matrix: { profiles: [tiny-SS, tiny-SX], concurrency: 1 }')
    expect(message).toContain('matrix.profiles[1]: got "tiny-SX"')
  })

  test.each([
    ['profile: tiny-SS, prompt-tokens: 5', 'scenarios[0].prompt-tokens: profile says both lengths already; got 5'],
    ['profile: tiny-SS, output-tokens: 5', 'scenarios[0].output-tokens: profile says both lengths already; got 5'],
    ['profile: tiny-SS, prompts: p.jsonl', 'scenarios[0].prompts: profile says both lengths already'],
    ['prompts: p.jsonl, prompt-tokens: 5, output-tokens: 5', 'the prompts of a file have lengths of their own; got 5'],
    ['output-tokens: 5', 'scenarios[0].prompt-tokens: missing; allowed: a whole number from 1 to 1000000; or preset'],
    ['prompt-tokens: 5', 'scenarios[0].output-tokens: missing; allowed: a whole number from 1 to 100000; or preset'],
  ])('%s', (keys, expected) => {
    expect(messageOf(`scenarios: [{ ${keys}, concurrency: 1 }]`)).toContain(expected)
  })

  test('a matrix without lengths', () => {
    expect(messageOf('matrix: { concurrency: 1 }')).toContain('matrix.prompt-tokens: missing; allowed: a whole number')
    expect(messageOf('matrix: { profiles: [tiny-SS], output-tokens: 1, concurrency: 1 }')).toContain(
      'matrix.output-tokens: profiles says both lengths already',
    )
  })

  test('two profiles that are the same work', () => {
    expect(messageOf('matrix: { profiles: [tiny-SL, huge-SL], concurrency: 1 }')).toContain(
      'the same work as scenario tiny-SL-c1',
    )
  })
})
