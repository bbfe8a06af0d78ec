import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Metered, runMetered } from '../../bench/peers/metered.ts'
import { isRunning } from '../../src/server/processes.ts'

/** A real Python, as every peer brings one; without it there is nothing to meter. */
const python = findPython()

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-perf-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (code: string, timeLimitSeconds = 60): Promise<Metered> =>
  runMetered({
    python: python ?? '',
    command: [python ?? '', '-c', code],
    folder,
    env: { PATH: process.env.PATH ?? '' },
    timeLimitSeconds,
  })

describe.skipIf(python === null)('a command with a meter', () => {
  test('its exit code and its last words', async () => {
    const metered = await run('import sys; print("out"); print("err", file=sys.stderr); sys.exit(3)')
    expect(metered.exitCode).toBe(3)
    expect(metered.tail).toContain('out')
    expect(metered.tail).toContain('err')
  })

  test('CPU time of its children counts', async () => {
    const burn = 'import time\\nwhile time.process_time() < 0.4: pass'
    const metered = await run(`import subprocess, sys; subprocess.call([sys.executable, "-c", "${burn}"])`)
    expect(metered.exitCode).toBe(0)
    expect(metered.cpuSeconds).toBeGreaterThan(0.4)
  })

  test('at the time limit it is ended with all that it started, and has no exit code', async () => {
    const child = 'import time; time.sleep(600)'
    const metered = await run(
      `import subprocess, sys; p = subprocess.Popen([sys.executable, "-c", "${child}"]); print(p.pid, flush=True); p.wait()`,
      5,
    )
    expect(metered).toMatchObject({ exitCode: null, cpuSeconds: null })
    const pid = Number(metered.tail.trim())
    expect(pid).toBeGreaterThan(1)
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false)
  })
})

function findPython(): string | null {
  try {
    return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}
