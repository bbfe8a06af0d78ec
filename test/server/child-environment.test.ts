import { afterEach, expect, test } from 'vitest'
import { childEnvironment, fillPort } from '../../src/server/child-environment.ts'
import { getText, useBench } from './bench.ts'

const bench = useBench()
const secrets = {
  GITHUB_TOKEN: 'ghs_secret',
  GH_TOKEN: 'ghs_secret',
  INPUT_TOKEN: 'ghs_secret',
  'INPUT_SERVER-COMMAND': 'x',
  STATE_marker: 'x',
  ACTIONS_RUNTIME_TOKEN: 'secret',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'http://localhost/',
  GITHUB_OUTPUT: '/tmp/output',
  GITHUB_STATE: '/tmp/state',
  GITHUB_ENV: '/tmp/env',
  GITHUB_PATH: '/tmp/path',
  GITHUB_STEP_SUMMARY: '/tmp/summary',
}
const kept = { RUNNER_TRACKING_ID: 'github_1', GITHUB_SHA: 'abc', HF_HOME: '/models', GITHUB_WORKSPACE: '/w' }

afterEach(() => {
  for (const name of Object.keys({ ...secrets, ...kept })) delete process.env[name]
})

test('a server sees neither the token of the job nor the files that its outputs are written to', async () => {
  Object.assign(process.env, secrets, kept)
  const server = await bench.start({ env: { MODEL: 'tiny' } })
  const seen = JSON.parse(await getText(server.origin, '/env'))
  await server.stop()
  expect(Object.keys(secrets).filter((name) => name in seen)).toEqual([])
  expect(seen).toMatchObject({ ...kept, MODEL: 'tiny', LLM_PERF_RUN_ID: bench.marker, PATH: process.env.PATH })
})

test('the ids by which leftovers are found cannot be configured away', () => {
  const env = childEnvironment({}, { LLM_PERF_RUN_ID: 'mine', A: '1' }, { marker: 'm', startId: 's' })
  expect(env).toEqual({ A: '1', LLM_PERF_RUN_ID: 'm', LLM_PERF_START_ID: 's' })
})

test('a variable that the user sets for the server is passed on, whatever its name', () => {
  const env = childEnvironment({}, { GITHUB_TOKEN: 'given on purpose' }, { marker: 'm', startId: 's' })
  expect(env.GITHUB_TOKEN).toBe('given on purpose')
})

test.each([
  ['--port {{port}} --metrics-port {{ port }}', '--port 8123 --metrics-port 8123'],
  ['awk "{print $1}" {{ports}} {port}', 'awk "{print $1}" {{ports}} {port}'],
])('%s', (text, filled) => {
  expect(fillPort(text, 8123)).toBe(filled)
})
