// Verifies on the committed bundles that each wrong configuration is refused with key, value and what is allowed, before
// any server is started: exit code 2 at the terminal, a failed step in the action.
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { badConfigs, goodConfig } from '../plan/bad-configs.ts'
import { startMain } from '../runner/run-action.ts'
import { bundle } from './stage.ts'

const cli = join(bundle, '..', 'cli', 'index.js')
const folder = mkdtempSync(join(tmpdir(), 'llm-perf-bad-config-'))
const started = join(folder, 'a-server-was-started')
const path = `${join(folder, 'bin')}${delimiter}${process.env.PATH}`

beforeAll(() => {
  // The command of every case is `serve`: if one is ever run, it leaves a trace.
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'serve'), `#!/bin/sh\ntouch '${started}'\nexit 1\n`)
  chmodSync(join(folder, 'bin', 'serve'), 0o755)
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function workspace(name: string, text: string): string {
  const directory = join(folder, name)
  mkdirSync(directory)
  writeFileSync(join(directory, 'llm-perf.yml'), text)
  return directory
}

function runTerminal(directory: string): Promise<{ code: number; output: string }> {
  const env = { ...process.env, PATH: path }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, 'run'], { cwd: directory, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    )
  })
}

async function runAction(directory: string): Promise<{ code: number | null; output: string }> {
  const repository = { full_name: 'acme/llm-server', default_branch: 'main' }
  const { done } = startMain({
    bundle,
    workspace: directory,
    temp: `${directory}-temp`,
    eventName: 'push',
    event: { ref: 'refs/heads/main', repository },
    inputs: { token: 'a-token' },
    environment: {
      PATH: path,
      GITHUB_REPOSITORY: repository.full_name,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_RUN_ID: '1',
      GITHUB_API_URL: 'http://127.0.0.1:1',
    },
  })
  const { exitCode, stdout } = await done
  const error = stdout.split('\n').find((line) => line.startsWith('::error')) ?? ''
  return { code: exitCode, output: error.replaceAll('%0A', '\n').replaceAll('%25', '%') }
}

test('there are at least 25 kinds', () => {
  expect(new Set(badConfigs.map(({ what }) => what)).size).toBeGreaterThanOrEqual(25)
})

describe.each(badConfigs.map((bad, index) => ({ ...bad, index })))('$what', ({ text, says, index }) => {
  test('is refused by the terminal and by the action, and starts nothing', async () => {
    const directory = workspace(`case-${index}`, text)
    const [terminal, action] = await Promise.all([runTerminal(directory), runAction(directory)])
    expect(terminal.code, terminal.output).toBe(2)
    expect(action.code, action.output).toBe(1)
    for (const part of says) {
      expect(terminal.output).toContain(part)
      expect(action.output).toContain(part)
    }
    expect(existsSync(started)).toBe(false)
  })
})

test('the configuration that the cases start from does start its server', async () => {
  const { code, output } = await runTerminal(workspace('good', goodConfig))
  expect(code, output).toBe(3)
  expect(existsSync(started)).toBe(true)
}, 60_000)

test('a port that is taken is refused before the start, with the pid that holds it', async () => {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  rmSync(started, { force: true })
  const { port } = server.address() as { port: number }
  const text = goodConfig.replace('serve --port {{port}}', `serve\n  port: ${port}`)
  const { code, output } = await runTerminal(workspace('taken', text))
  server.close()
  expect(code, output).toBe(2)
  expect(output).toContain(String(port))
  expect(output).toContain(String(process.pid))
  expect(existsSync(started)).toBe(false)
}, 60_000)
