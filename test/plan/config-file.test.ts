import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/model/policy.ts'
import { plainLoad } from '../../src/model/scenario.ts'
import { parseConfig } from '../../src/plan/config-file.ts'
import { minimal } from './minimal-config.ts'
import { messageOf } from './refusal.ts'

describe('a minimal file', () => {
  const config = parseConfig(minimal, 'llm-perf.yml')

  test('gets the default server', () => {
    expect(config.server).toEqual({
      command: 'serve --port {{port}}',
      setup: null,
      workingDirectory: '.',
      port: 0,
      readyPath: '/health',
      readyTimeoutSeconds: 600,
      env: {},
      stopGraceSeconds: 5,
    })
  })

  test('gets the default policy and load', () => {
    expect(config.gate).toEqual(defaultPolicy)
    expect(config.load).toMatchObject({ requestTimeoutSeconds: 120, seed: 1, compareOutputs: true })
    expect(config.load.api).toMatchObject({ type: 'openai-completions', model: null, extraBody: {} })
  })

  test('gets 60 requests, streaming, and a name that spells out the sizes', () => {
    expect(config.load.scenarios).toEqual([
      {
        ...plainLoad,
        name: 'p16-o8-c1',
        promptTokens: 16,
        outputTokens: 8,
        concurrency: 1,
        requests: 60,
        streaming: true,
      },
    ])
  })
})

test('every key of the file arrives in the configuration', () => {
  const config = parseConfig(
    `version: 1
server:
  command: [serve, --port, 8000, --fast, true]
  setup: make
  working-directory: service
  port: 8000
  ready: { path: none, timeout-seconds: 12.5 }
  env: { A: text, B: 4, C: true, D: 'x{{ port }}' }
  stop-grace-seconds: 2
api:
  type: generate
  model: m
  generate: { path: /g, stream-path: /s, request: '{"q": {{{prompt}}}, "n": {{outputTokens}}}', stream-format: ndjson, text: out.t, prompt-tokens: none, output-tokens: requested, finish-reason: out.why, done: out.done, error: out.error }
scenarios: [{ name: x, prompt-tokens: 1, output-tokens: 2, concurrency: 3, requests: 5, streaming: false }]
load: { request-timeout-seconds: 9, seed: 7, compare-outputs: false }
gate:
  margins: { latency: 12%, tokens-per-second: 0.06, all-latency: 7 %, all-tokens-per-second: 2.5% }
  failure-limit: 1%
  max-pairs: 8
  trials: 3
  calibration-trials: 5
  budget-minutes: 1.5
`,
    'llm-perf.yml',
  )
  expect(config).toEqual({
    server: {
      command: ['serve', '--port', '8000', '--fast', 'true'],
      setup: 'make',
      workingDirectory: 'service',
      port: 8000,
      readyPath: null,
      readyTimeoutSeconds: 12.5,
      env: { A: 'text', B: '4', C: 'true', D: 'x{{port}}' },
      stopGraceSeconds: 2,
    },
    load: {
      api: {
        type: 'generate',
        model: 'm',
        extraBody: {},
        generate: {
          path: '/g',
          streamPath: '/s',
          request: '{"q": {{{prompt}}}, "n": {{outputTokens}}}',
          text: 'out.t',
          promptTokens: null,
          outputTokens: 'requested',
          streamFormat: 'ndjson',
          finishReason: 'out.why',
          done: 'out.done',
          error: 'out.error',
        },
      },
      scenarios: [
        { ...plainLoad, name: 'x', promptTokens: 1, outputTokens: 2, concurrency: 3, requests: 5, streaming: false },
      ],
      prompts: {},
      requestTimeoutSeconds: 9,
      seed: 7,
      compareOutputs: false,
    },
    gate: {
      margins: { latencyTail: 0.12, tokensPerSecond: 0.06, latencyTailAll: 0.07, tokensPerSecondAll: 0.025 },
      failureLimit: 0.01,
      maxPairs: 8,
      trials: 3,
      calibrationTrials: 5,
      budgetMinutes: 1.5,
    },
  })
})

test('a matrix is every combination, less the excluded ones, beside the list', () => {
  const { scenarios } = parseConfig(
    `version: 1
server: { command: 'serve {{port}}' }
scenarios: [{ name: own, prompt-tokens: 1, output-tokens: 1, concurrency: 1 }]
matrix:
  prompt-tokens: [128, 512]
  output-tokens: 64
  concurrency: [1, 20]
  streaming: [true, false]
  exclude: [{ prompt-tokens: 512, concurrency: 20 }, { streaming: false, concurrency: 1 }]
`,
    'llm-perf.yml',
  ).load
  expect(scenarios.map(({ name, requests }) => `${name} ${requests}`)).toEqual([
    'own 60',
    'p128-o64-c1 60',
    'p128-o64-c20 200',
    'p128-o64-c20-nostream 200',
    'p512-o64-c1 60',
  ])
})

describe('how load is made', () => {
  const scenariosOf = (yaml: string) =>
    parseConfig(`version: 1\nserver: { command: 'serve {{port}}' }\n${yaml}\n`, 'llm-perf.yml').load.scenarios
  const one = (load: string) => scenariosOf(`scenarios: [{ prompt-tokens: 16, output-tokens: 8, ${load} }]`)[0]

  test('a closed loop with pauses, a ramp and a time', () => {
    expect(one('concurrency: 4, think-time-ms: 250, ramp-seconds: 5, min-seconds: 30')).toMatchObject({
      name: 'p16-o8-c4-think250ms-ramp5s-30s',
      concurrency: 4,
      arrivals: null,
      thinkTimeMs: 250,
      rampSeconds: 5,
      minSeconds: 30,
      requests: 60,
    })
  })

  test.each([
    ['rate: 2.5', 'p16-o8-r2.5-poisson', { requestsPerSecond: 2.5, burstiness: 1 }],
    ['rate: 2.5, arrivals: poisson', 'p16-o8-r2.5-poisson', { requestsPerSecond: 2.5, burstiness: 1 }],
    ['rate: 20, arrivals: constant', 'p16-o8-r20-const', { requestsPerSecond: 20, burstiness: null }],
    ['rate: 20, arrivals: gamma, burstiness: 0.5', 'p16-o8-r20-gamma0.5', { requestsPerSecond: 20, burstiness: 0.5 }],
  ])('an open loop: %s', (load, name, arrivals) => {
    expect(one(load)).toMatchObject({ name, arrivals, concurrency: null, requests: 60 })
  })

  test('the concurrency of an open loop is a limit, and may be more than its requests', () => {
    expect(one('rate: 5, concurrency: 100, requests: 20')).toMatchObject({
      name: 'p16-o8-r5-poisson-c100',
      concurrency: 100,
      requests: 20,
    })
  })

  test('a rate and a time make the requests that are due by then, at least 60', () => {
    expect(one('rate: 5, min-seconds: 30')?.requests).toBe(150)
    expect(one('rate: 5, min-seconds: 0.5')?.requests).toBe(60)
    expect(one('rate: 0.3, min-seconds: 1001')?.requests).toBe(301)
  })

  test('objectives for goodput', () => {
    expect(one('concurrency: 1, slo: { ttft-ms: 200, latency-ms: 1500 }')?.objectives).toEqual({
      ttftMs: 200,
      tpotMs: null,
      latencyMs: 1500,
    })
    expect(one('concurrency: 1, streaming: false, slo: { latency-ms: 1500 }')?.objectives?.latencyMs).toBe(1500)
  })

  test('answers that may end early are other work, with a name of its own', () => {
    expect(one('concurrency: 1')).toMatchObject({ outputLength: 'exact' })
    expect(one('concurrency: 1, output-length: exact')?.name).toBe(one('concurrency: 1')?.name)
    const free = one('concurrency: 1, output-length: at-most')
    expect(free).toMatchObject({ outputLength: 'at-most', name: `${one('concurrency: 1')?.name}-atmost` })
  })

  test('a matrix of rates and limits, with one kind of arrivals', () => {
    const names = scenariosOf(`matrix:
  prompt-tokens: 16
  output-tokens: 8
  rate: [5, 10]
  concurrency: [8, 16]
  arrivals: constant
  ramp-seconds: 2
  exclude: [{ rate: 5, concurrency: 16 }]`).map(({ name }) => name)
    expect(names).toEqual(['p16-o8-r5-const-c8-ramp2s', 'p16-o8-r10-const-c8-ramp2s', 'p16-o8-r10-const-c16-ramp2s'])
  })

  test('a matrix of rates needs no concurrency', () => {
    const [scenario] = scenariosOf('matrix: { prompt-tokens: 16, output-tokens: 8, rate: 5 }')
    expect(scenario).toMatchObject({ name: 'p16-o8-r5-poisson', concurrency: null })
  })

  test('the same load in other words has no second name: scenarios differ by what they do', () => {
    const [, gamma] = scenariosOf(`scenarios:
  - { prompt-tokens: 16, output-tokens: 8, rate: 5, requests: 99 }
  - { prompt-tokens: 16, output-tokens: 8, rate: 5, arrivals: gamma, burstiness: 2 }`)
    expect(gamma?.name).toBe('p16-o8-r5-gamma2')
  })
})

test('anchors of YAML work, and a problem behind one names its line', () => {
  const text = `version: 1
server: { command: 'serve {{port}}' }
scenarios:
  - &one { prompt-tokens: 16, output-tokens: 0, concurrency: 1 }
  - *one
`
  expect(messageOf(() => parseConfig(text, 'llm-perf.yml'))).toContain(
    'llm-perf.yml:4 scenarios[0].output-tokens: got 0',
  )
})

test('all problems are told at once, in the order of the file', () => {
  const text = `version: 3
server: { command: serve, port: 99999 }
api: { type: rest }
scenarios:
  - { prompt-tokens: 16, output-tokens: 8, concurrency: 20, requests: 10, extra: 1 }
  - { prompt-tokens: 16, output-tokens: none, concurrency: 20, requests: 3 }
gate: { trials: two }
`
  const message = messageOf(() => parseConfig(text, 'llm-perf.yml'))
  expect(message).toContain('8 problems')
  const keys = [...message.matchAll(/^- (\S+ [^:]+):/gm)].map((match) => match[1])
  expect(keys).toEqual([
    'llm-perf.yml:1 version',
    'llm-perf.yml:2 server.port',
    'llm-perf.yml:3 api.type',
    'llm-perf.yml:5 scenarios[0].extra',
    'llm-perf.yml:5 scenarios[0].requests',
    'llm-perf.yml:6 scenarios[1].output-tokens',
    'llm-perf.yml:6 scenarios[1].requests',
    'llm-perf.yml:7 gate.trials',
  ])
})

test('a file from Windows, with its line ends and byte order mark, reads the same and keeps its lines', () => {
  const text = `\uFEFF${minimal.replaceAll('\n', '\r\n')}`
  expect(parseConfig(text, 'llm-perf.yml')).toEqual(parseConfig(minimal, 'llm-perf.yml'))
  const broken = text.replace('output-tokens: 8', 'output-tokens: 0')
  expect(messageOf(() => parseConfig(broken, 'llm-perf.yml'))).toContain('llm-perf.yml:3 scenarios[0].output-tokens')
})

test('what stands in the environment of the server is never quoted: it may be a secret', () => {
  const text = minimal.replace('{ command:', '{ env: { TOKEN: [hunter2] }, command:')
  expect(messageOf(() => parseConfig(text, 'llm-perf.yml'))).not.toContain('hunter2')
})

test('a long value is cut', () => {
  const text = minimal.replace('version: 1', `version: ${'x'.repeat(5000)}`)
  expect(messageOf(() => parseConfig(text, 'llm-perf.yml')).length).toBeLessThan(500)
})
