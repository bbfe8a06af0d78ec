import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runSetup } from '../../src/server/index.ts'
import { useBench } from './bench.ts'
import { leftovers } from './leftovers.ts'

const bench = useBench()

function setUp(command: string, signal = new AbortController().signal) {
  const { folder, marker, logFile } = bench
  return runSetup({ command, root: folder, workingDirectory: '.', logFile, marker, signal, env: { MODEL: 'tiny' } })
}

test('the setup runs in its side, with the configured environment, and its output is kept', async () => {
  const { durationMs } = await setUp('echo "$MODEL $LLM_PERF_RUN_ID" > made; echo installing; echo warning >&2')
  expect(durationMs).toBeGreaterThan(0)
  expect(readFileSync(join(bench.folder, 'made'), 'utf8')).toBe(`tiny ${bench.marker}\n`)
  expect(readFileSync(bench.logFile, 'utf8')).toBe('installing\nwarning\n')
})

test('a setup that fails is reported with its code and the end of its output', async () => {
  await expect(setUp('echo "::error::no wheel for torch"; exit 4')).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/^The setup command `echo .*` exited with code 4 after/),
    hint: expect.stringContaining('\n| ::error::no wheel for torch'),
  })
})

test('a setup that is killed is reported with the signal', async () => {
  await expect(setUp('kill -9 $$')).rejects.toThrow('was killed by SIGKILL')
})

test('a cancelled setup is ended with all that it started', async () => {
  const cancel = new AbortController()
  const running = setUp('sleep 300 & touch begun; sleep 300', cancel.signal)
  await Promise.all([
    expect(running).rejects.toMatchObject({ code: 'cancelled' }),
    expect
      .poll(() => existsSync(join(bench.folder, 'begun')))
      .toBe(true)
      .then(() => cancel.abort()),
  ])
  expect(leftovers(bench.marker)).toEqual([])
})
