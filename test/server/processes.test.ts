import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isRunning, listProcesses, readProcess, readRssMiB, startTimeOf } from '../../src/server/processes.ts'
import { useBench } from './bench.ts'

const bench = useBench()

test('a process is read right even when its name holds blanks and parentheses', async () => {
  const program = join(bench.folder, 'od) S 1 (d')
  symlinkSync('/bin/sleep', program)
  const child = spawn(program, ['60'], { detached: true })
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  const [parent, group, kilobytes] = execFileSync('ps', ['-o', 'ppid=,pgid=,rss=', '-p', String(pid)], {
    encoding: 'utf8',
  })
    .trim()
    .split(/\s+/)
    .map(Number)
  expect(readProcess(pid)).toMatchObject({ pid, parent, group, isZombie: false })
  expect(group).toBe(pid)
  expect(readRssMiB(pid)).toBeCloseTo((kilobytes ?? Number.NaN) / 1024, 1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(readProcess(pid)).toBeNull()
})

test('a zombie does not count as running: it holds nothing and may stay for ever', async () => {
  // The shell becomes a sleep that never collects its child, so the child stays a zombie.
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'])
  const [line] = await once(parent.stdout, 'data')
  const zombie = Number(String(line))
  await expect.poll(() => readProcess(zombie)?.isZombie).toBe(true)
  expect(isRunning(zombie)).toBe(false)
  expect(listProcesses().map(({ pid }) => pid)).not.toContain(zombie)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
})

test('the start time tells a process from a later one', async () => {
  expect(startTimeOf(process.pid)).toBe(startTimeOf(process.pid))
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  expect(startTimeOf(child.pid ?? 0)).not.toBe(startTimeOf(process.pid))
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(startTimeOf(child.pid ?? 0)).toBe('')
})
