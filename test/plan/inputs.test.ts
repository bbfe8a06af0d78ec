import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { type Inputs, readInputs } from '../../src/plan/inputs.ts'

/** Sets the inputs as a runner does. */
function withInputs(inputs: Record<string, string>): () => Inputs {
  for (const [name, value] of Object.entries({ token: 'ghs_secret', ...inputs })) {
    vi.stubEnv(`INPUT_${name.toUpperCase()}`, value)
  }
  return () => readInputs({ RUNNER_TEMP: '/runner/temp' })
}

/** setSecret writes a workflow command, which is not this test's to print. */
let written = ''
beforeEach(() => {
  written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text)
    return true
  })
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test('inputs that are not set have the defaults of action.yml', () => {
  expect(withInputs({})()).toEqual({
    configPath: 'llm-perf.yml',
    mode: 'auto',
    shard: null,
    token: 'ghs_secret',
    gateName: 'default',
    baselinePath: '.github/llm-perf-baseline.json',
    comment: true,
    check: 'auto',
    out: expect.stringMatching(/runner.temp.llm-perf-recording.default$/),
    recordings: null,
    overrides: [],
  })
})

test('all inputs are read', () => {
  const read = withInputs({
    config: './perf/gpu.yml',
    mode: 'calibrate',
    shard: '2/4',
    'gate-name': 'gpu-2',
    'baseline-path': 'perf\\base.json',
    comment: 'False',
    check: 'TRUE',
    out: 'rec',
    port: '8000',
    'margin-latency': '20%',
  })
  expect(read()).toMatchObject({
    configPath: 'perf/gpu.yml',
    mode: 'calibrate',
    shard: { index: 2, count: 4 },
    gateName: 'gpu-2',
    baselinePath: 'perf/base.json',
    comment: false,
    check: 'true',
    out: 'rec',
    overrides: [
      { source: 'input `port`', path: ['server', 'port'], text: '8000' },
      { source: 'input `margin-latency`', path: ['gate', 'margins', 'latency'], text: '20%' },
    ],
  })
})

test('the recordings of two shards on one machine do not share a folder', () => {
  const outOf = (shard: string) => withInputs({ 'gate-name': 'gpu', shard })().out
  expect(outOf('1/2')).toMatch(/llm-perf-recording.gpu-shard-1-of-2$/)
  expect(new Set(['', '1/2', '2/2', '2/4'].map(outOf)).size).toBe(4)
})

test.each(['auto', 'pull-request', 'baseline', 'calibrate', 'plan'])('mode %s takes a shard', (mode) => {
  expect(withInputs({ mode, shard: '1/2' })().shard).toEqual({ index: 1, count: 2 })
})

test('mode merge, where all shards meet, takes none', () => {
  const read = withInputs({ mode: 'merge', recordings: 'all', shard: '1/2' })
  expect(read).toThrow('input `shard`: got "1/2"; allowed: nothing with mode merge')
})

test('the token is masked in the log', () => {
  withInputs({ token: 'ghp_mine' })()
  expect(written).toContain('::add-mask::ghp_mine')
})

describe('refused, naming input, value and what is allowed', () => {
  test.each([
    ['mode', 'judge', 'input `mode`: got "judge"; allowed: auto, pull-request, baseline, calibrate'],
    ['shard', '5/4', 'input `shard`: got "5/4"; allowed: k/n, whole numbers, 1 <= k <= n <= 64'],
    ['shard', 'half', 'input `shard`: got "half"; allowed: k/n'],
    ['comment', 'yes', 'input `comment`: got "yes"; allowed: true or false'],
    ['gate-name', 'a b', 'input `gate-name`: got "a b"; allowed: a name'],
    ['gate-name', '..', 'input `gate-name`: got ".."; allowed: a name'],
    ['config', '../x.yml', 'input `config`: got "../x.yml"; allowed: a relative path'],
    ['baseline-path', '/x.json', 'input `baseline-path`: got "/x.json"; allowed: a relative path'],
    ['baseline-path', '.github/', 'input `baseline-path`: got ".github/"; allowed: a relative path of a file'],
    ['token', '', 'input `token`: missing; allowed: a token'],
  ])('%s: %s', (name, value, expected) => {
    expect(withInputs({ [name]: value })).toThrow(expected)
  })

  test('all at once', () => {
    const read = withInputs({ mode: 'x', shard: '0/0', comment: 'y', token: '' })
    expect(read).toThrow(ActionError)
    expect(read).toThrow('4 problems')
  })
})

describe('the folder of recordings', () => {
  test('is read with mode merge', () => {
    expect(withInputs({ mode: 'merge', recordings: 'shards' })()).toMatchObject({ mode: 'merge', recordings: 'shards' })
  })

  test('is missed with mode merge, and refused where it would be ignored', () => {
    expect(withInputs({ mode: 'merge' })).toThrow('input `recordings`: missing; allowed: with mode merge, the folder')
    vi.unstubAllEnvs()
    expect(withInputs({ recordings: 'x' })).toThrow(
      'input `recordings`: got "x"; allowed: nothing, unless mode is merge',
    )
  })
})
