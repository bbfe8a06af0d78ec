import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import type { LoggedRequest } from '../../src/reference-server/index.ts'
import { completion, post } from './start-reference.ts'

const source = resolve(import.meta.dirname, '..', '..', 'src')

function start(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [join(source, program), ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function originOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`
}

test('it ends when the process that started it lets go of it', async () => {
  const child = start('reference-server/main.ts', ['--end-with-stdin'])
  await originOf(child)
  child.stdin?.destroy()
  expect(await once(child, 'close')).toEqual([0, null])
})

test('wrong flags end it with code 2 and say why', async () => {
  const child = start('reference-server/main.ts', ['--gap-ms', 'soon'])
  let complaint = ''
  child.stderr?.on('data', (text) => {
    complaint += text
  })
  expect((await once(child, 'close'))[0]).toBe(2)
  expect(complaint).toContain('--gap-ms: got "soon"; allowed: a number from 0')
})

test('asked to die at the third request, it is gone at the third', async () => {
  const child = start('reference-server/main.ts', ['--die-at', '3', '--ttft-ms', '1', '--gap-ms', '1'])
  const closed = once(child, 'close')
  const origin = await originOf(child)
  for (const _ of [1, 2]) expect((await post(origin, '/v1/completions', completion())).text).toContain('[DONE]')
  await expect(post(origin, '/v1/completions', completion())).rejects.toThrow()
  expect(await closed).toEqual([null, 'SIGKILL'])
})

test('llm-perf reference-server serves until it is told to stop, and then writes its log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-perf-reference-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const log = join(folder, 'log.jsonl')
  const child = start('cli.ts', ['reference-server', '--ttft-ms', '1', '--gap-ms', '1', '--log', log])
  const origin = await originOf(child)
  for (const _ of [1, 2]) await post(origin, '/v1/completions', completion())
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  expect(await closed).toEqual([0, null])
  const entries = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LoggedRequest)
  expect(entries.map(({ tokens }) => tokens)).toEqual([4, 4])
})
