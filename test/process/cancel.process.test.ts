// Verifies that a cancelled or killed run leaves no process, port or work tree: by itself, or by the post step.
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pairOrder } from '../../src/judge/index.ts'
import { type StartedStep, startMain, startPost } from '../runner/run-action.ts'
import { configuration, leftovers, processesWith, Stage, teamFiles } from './stage.ts'

/** The base side goes first, so that a work tree is there to be removed. */
const seed = [1, 2, 3, 4, 5, 6, 7, 8].find((candidate) => pairOrder(candidate, 0) === 'base-first')

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
  const scenarios = ['{ name: long, prompt-tokens: 64, output-tokens: 64, concurrency: 1, requests: 2000 }']
  await stage.world.pushToMain(teamFiles(configuration({ scenarios, seed: seed ?? 1 })), 'start')
})
afterAll(async () => {
  await stage.close()
})

/** Resolves with the server's port once the server is being measured. */
async function untilMeasuring(started: StartedStep): Promise<number> {
  return await new Promise((resolve, reject) => {
    let text = ''
    started.child.stdout?.on('data', (piece: string) => {
      text += piece
      const port = /Server ready on port (\d+)/.exec(text)?.[1]
      if (port) resolve(Number(port))
    })
    started.done.then(() => reject(new Error(`ended before it measured:\n${text}`)), reject)
  })
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

test('SIGINT: the server is stopped, the step ends red before the runner would send SIGTERM', async () => {
  const pull = await stage.world.openPull('cancelled', { 'README.md': '# 1\n' }, 'Cancelled')
  const started = startMain(stage.step(pull))
  const port = await untilMeasuring(started)
  expect(leftovers(pull, started.trackingId).join()).toMatch(/process.*folder.*work tree/)
  const sentMs = performance.now()
  started.child.kill('SIGINT')
  const main = await started.done
  expect(main.exitCode).toBe(130)
  // The runner's own deadline, after which it kills: not a benchmark.
  expect(performance.now() - sentMs).toBeLessThan(7500)
  expect(main.outputs.verdict).toBe('invalid')
  expect(main.stdout).toContain('cancelled')
  expect(leftovers(pull, started.trackingId)).toEqual([])
  expect(await isFree(port)).toBe(true)
  expect(await stage.comment(pull.pull)).toBeNull()
}, 60_000)

test('SIGKILL of the action: the post step ends the server and removes what is left', async () => {
  const pull = await stage.world.openPull('killed', { 'README.md': '# 2\n' }, 'Killed')
  const step = stage.step(pull)
  const started = startMain(step)
  const port = await untilMeasuring(started)
  expect(leftovers(pull, started.trackingId).join()).toMatch(/process.*folder.*work tree/)
  started.child.kill('SIGKILL')
  const main = await started.done
  expect(main.signal).toBe('SIGKILL')
  expect(processesWith(started.trackingId)).not.toEqual([])
  const post = await startPost(step, main).done
  expect(post.exitCode).toBe(0)
  expect(post.stdout).toContain('::warning')
  expect(leftovers(pull, started.trackingId)).toEqual([])
  expect(await isFree(port)).toBe(true)
}, 60_000)
