import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startLineLoop } from '../../src/telemetry/line-loop.ts'

const script = (text: string) => startLineLoop(process.execPath, ['-e', text], (line) => take(line))
let lines: string[] = []
function take(line: string): boolean {
  if (line.startsWith('#')) return false
  lines.push(line)
  return true
}

test('lines are handed over as they come; what is none, and the error output, is kept for a message', async () => {
  lines = []
  const loop = script(
    "process.stdout.write('one\\ntw'); console.error('oops'); setTimeout(() => console.log('o\\n# note'), 50)",
  )
  expect(await loop.ended).toBeNull()
  expect(lines).toEqual(['one', 'two'])
  expect(loop.messages().split('\n').toSorted()).toEqual(['# note', 'oops'])
})

test('a program that cannot be started ends with the error', async () => {
  const loop = startLineLoop('/nowhere/tool', [], () => true)
  expect(await loop.ended).toMatchObject({ code: 'ENOENT' })
  await loop.stop()
})

test('a program that does not heed SIGTERM is killed, and stopping twice is fine', async () => {
  lines = []
  const loop = script("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(process.pid)")
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1)
  await loop.stop()
  await loop.stop()
  expect(() => process.kill(Number(lines[0]), 0)).toThrow('ESRCH')
})

test('a run that forgets to stop it ends all the same, and takes the program with it', async () => {
  const source = join(import.meta.dirname, '../../src/telemetry/line-loop.ts')
  const chatter = "console.log(process.pid); setInterval(() => console.log('x'), 50)"
  const run = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { startLineLoop } from ${JSON.stringify(source)}
       await new Promise((resolve) => {
         const timer = setTimeout(() => {}, 30_000)
         startLineLoop(process.execPath, ['-e', ${JSON.stringify(chatter)}], (line) => {
           if (line !== 'x') { console.log(line); clearTimeout(timer); resolve() }
           return true
         })
       })`,
    ],
    { encoding: 'utf8', timeout: 30_000 },
  )
  expect(run.status).toBe(0)
  const pid = Number(run.stdout)
  const isRunning = () =>
    /^[^Z\s]/.test(execFileSync('sh', ['-c', `ps -o stat= -p ${pid} || true`], { encoding: 'utf8' }).trim())
  await expect.poll(isRunning, { timeout: 10_000 }).toBe(false)
})
