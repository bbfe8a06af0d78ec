// Verifies that a server which dies, never starts or cannot be prepared ends red as INVALID, and leaves nothing behind.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startMain } from '../runner/run-action.ts'
import { configuration, leftovers, Stage, teamFiles } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
  await stage.world.pushToMain(teamFiles(), 'start')
})
afterAll(async () => {
  await stage.close()
})

async function judge(branch: string, files: Record<string, string>) {
  const pull = await stage.world.openPull(branch, files, branch)
  const started = startMain(stage.step(pull))
  const main = await started.done
  return { main, comment: await stage.comment(pull.pull), left: leftovers(pull, started.trackingId) }
}

test('a server that exits at once: red, INVALID, with its exit code and the end of its log', async () => {
  const server = 'console.error("CUDA out of memory. Tried to allocate 20 MiB"); process.exit(3)\n'
  const { main, comment, left } = await judge('exits', { 'server.mjs': server })
  expect(main.exitCode).toBe(1)
  expect(main.outputs.verdict).toBe('invalid')
  expect(comment).toContain('INVALID')
  expect(comment).toContain('exited with code 3')
  expect(comment).toContain('CUDA out of memory')
  expect(comment).not.toContain('❌')
  expect(left).toEqual([])
}, 60_000)

test('a server killed in the middle: red, INVALID, with the signal', async () => {
  const server = (teamFiles()['server.mjs'] ?? '').replace(
    'cacheDir:',
    'onRequest: ({ number }) => number > 12 && process.kill(process.pid, "SIGKILL"), cacheDir:',
  )
  const { main, comment, left } = await judge('killed', { 'server.mjs': server })
  expect(main.exitCode).toBe(1)
  expect(comment).toContain('INVALID')
  expect(comment).toContain('SIGKILL')
  expect(left).toEqual([])
}, 60_000)

test('a server that answers every request with an error: red, INVALID', async () => {
  const server = `import { createServer } from 'node:http'
createServer((request, response) => {
  response.writeHead(request.url === '/health' ? 200 : 500, { 'content-type': 'application/json' })
  response.end('{"error":{"message":"no model loaded"}}')
}).listen(process.env.PORT, '127.0.0.1')
`
  const { main, comment, left } = await judge('errors', {
    'server.mjs': server,
    'llm-perf.yml': configuration({ readySeconds: 4 }),
  })
  expect(main.exitCode).toBe(1)
  expect(comment).toContain('INVALID')
  expect(comment).toContain('no model loaded')
  expect(left).toEqual([])
}, 60_000)

test('a setup command that fails: red, INVALID, with its output', async () => {
  const config = configuration({ setup: 'node -e "console.error(\'no such wheel\'); process.exit(4)"' })
  const { main, comment, left } = await judge('setup', { 'llm-perf.yml': config })
  expect(main.exitCode).toBe(1)
  expect(comment).toContain('INVALID')
  expect(comment).toContain('no such wheel')
  expect(left).toEqual([])
}, 60_000)

test('a base side that does not start: red, INVALID, never a pass', async () => {
  await stage.world.pushToMain({ 'server.mjs': 'process.exit(9)\n' }, 'break main')
  const pull = await stage.world.openPull('fix', teamFiles(), 'Fix the server')
  const started = startMain(stage.step(pull))
  const main = await started.done
  expect(main.exitCode).toBe(1)
  expect(main.outputs.verdict).toBe('invalid')
  expect(await stage.comment(pull.pull)).toContain('exited with code 9')
  expect(leftovers(pull, started.trackingId)).toEqual([])
}, 120_000)
