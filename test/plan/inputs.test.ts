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
    token: 'ghs_secret',
    gateName: 'default',
    baselinePath: '.github/llm-perf-baseline.json',
    comment: true,
    check: 'auto',
    out: expect.stringMatching(/runner.temp.llm-perf-recording.default$/),
    overrides: [],
  })
})

test('all inputs are read', () => {
  const read = withInputs({
    config: './perf/gpu.yml',
    mode: 'calibrate',
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

test('the token is masked in the log', () => {
  withInputs({ token: 'ghp_mine' })()
  expect(written).toContain('::add-mask::ghp_mine')
})

describe('refused, naming input, value and what is allowed', () => {
  test.each([
    ['mode', 'judge', 'input `mode`: got "judge"; allowed: auto, pull-request, baseline, calibrate'],
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
    const read = withInputs({ mode: 'x', comment: 'y', token: '' })
    expect(read).toThrow(ActionError)
    expect(read).toThrow('3 problems')
  })
})
