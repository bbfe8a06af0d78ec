// Verifies on the committed bundle that nothing missing, edited, foreign or unreadable ends green.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { git } from '../runner/git.ts'
import { runJob } from '../runner/run-action.ts'
import type { Job } from '../runner/world.ts'
import { configuration, Stage, teamFiles, workflow } from './stage.ts'

const baselinePath = '.github/llm-perf-baseline.json'
let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(async () => {
  await stage.close()
})

/** A repository whose main has a baseline of this machine. */
async function withBaseline(config = configuration()): Promise<string> {
  const { main } = await stage.run(await stage.world.pushToMain(teamFiles(config), 'start'))
  expect(main.exitCode).toBe(0)
  return (await stage.world.fileOnMain(baselinePath)) ?? ''
}

async function expectInvalid(pull: Job, ...texts: (string | RegExp)[]): Promise<void> {
  const { main } = await stage.run(pull)
  const comment = (await stage.comment(pull.pull)) ?? ''
  expect(main.exitCode, main.stdout).toBe(1)
  expect(main.outputs.verdict).toBe('invalid')
  expect(comment).toContain('INVALID')
  for (const text of texts) expect(comment).toMatch(text)
}

const two = [
  '{ name: short, prompt-tokens: 16, output-tokens: 24, concurrency: 1, requests: 5 }',
  '{ name: long, prompt-tokens: 64, output-tokens: 24, concurrency: 1, requests: 5 }',
]

test('a pull request that removes a scenario of the baseline', async () => {
  await withBaseline(configuration({ scenarios: two }))
  const files = { 'llm-perf.yml': configuration({ scenarios: two.slice(0, 1) }) }
  await expectInvalid(await stage.world.openPull('remove', files, 'Fewer scenarios'), /long/, /missing/)
}, 120_000)

test('a pull request that renames every scenario, so that none is in common', async () => {
  await withBaseline()
  const renamed = two.map((scenario) => scenario.replace(/name: /, 'name: my-'))
  const files = { 'llm-perf.yml': configuration({ scenarios: renamed }) }
  await expectInvalid(await stage.world.openPull('rename', files, 'Better names'), /short/)
}, 120_000)

test('a pull request that makes a scenario easier under its old name', async () => {
  await withBaseline(configuration({ scenarios: two }))
  const easier = two.map((scenario) => scenario.replace('prompt-tokens: 64', 'prompt-tokens: 8'))
  const files = { 'llm-perf.yml': configuration({ scenarios: easier }) }
  await expectInvalid(await stage.world.openPull('easier', files, 'Shorter prompts'), /long/)
}, 180_000)

test('a scenario that main measures is removed while there is no baseline yet', async () => {
  await stage.world.pushToMain(teamFiles(configuration({ scenarios: two })), 'start')
  const files = { 'llm-perf.yml': configuration({ scenarios: two.slice(0, 1) }) }
  await expectInvalid(await stage.world.openPull('remove', files, 'Fewer scenarios'), /long/, /missing/)
}, 180_000)

test.each([
  ['empty', () => ''],
  ['truncated', (text: string) => text.slice(0, text.length / 2)],
  ['of a newer schema', (text: string) => text.replace('llm-perf-baseline/1', 'llm-perf-baseline/9')],
  ['holding NaN', (text: string) => text.replace(/"latencyTail": [\d.]+/, '"latencyTail": null')],
  ['holding an infinite rate', (text: string) => text.replace(/"tokensPerSecond": [\d.]+/, '"tokensPerSecond": 1e999')],
  ['of another machine', (text: string) => text.replaceAll(/cpu-\d+-[a-z0-9-]+/g, 'rtx-2060-5f3a9c1e')],
])(
  'a baseline file that is %s',
  async (_what, damage) => {
    const text = await withBaseline()
    await stage.world.pushToMain({ [baselinePath]: damage(text) }, 'damage the baseline')
    const pull = await stage.world.openPull('innocent', { 'README.md': '# Hello\n' }, 'Say hello')
    await expectInvalid(pull, /baseline/i)
  },
  120_000,
)

test('a push does not replace a baseline file that it cannot read', async () => {
  const text = await withBaseline()
  const push = await stage.world.pushToMain({ [baselinePath]: text.slice(0, 200) }, 'damage the baseline')
  const { main } = await stage.run(push)
  expect(main.exitCode).toBe(1)
  expect(main.stdout).toContain(baselinePath)
  expect(await stage.world.fileOnMain(baselinePath)).toBe(text.slice(0, 200).trim())
}, 120_000)

test('a pull request that loosens its own margins is held to those of the base branch, and is told so', async () => {
  const strict = 'margins: { latency: 0.1%, tokens-per-second: 0.1%, all-latency: 0.1%, all-tokens-per-second: 0.1% }'
  await stage.world.pushToMain(teamFiles(configuration({ gate: `${strict}\n  max-pairs: 8` })), 'start')
  const pull = await stage.world.openPull('loosen', { 'llm-perf.yml': configuration() }, 'Looser margins')
  const { main } = await stage.run(pull)
  // Margins of 0.1 % cannot be ruled out in a few pairs: whatever it is, it is not the pass that its own margins give.
  expect(main.outputs.verdict).not.toBe('pass')
  expect(await stage.comment(pull.pull)).toContain("edits the gate's policy")
}, 240_000)

test('a pull request that edits the baseline is judged by the base branch’s, and is told so', async () => {
  const text = await withBaseline()
  const slower = text.replaceAll(/"latencyTail": [\d.]+/g, '"latencyTail": 99999')
  const pull = await stage.world.openPull('baseline', { [baselinePath]: slower }, 'A kinder baseline')
  const { main } = await stage.run(pull)
  expect(main.outputs.verdict).toBe('pass')
  const comment = (await stage.comment(pull.pull)) ?? ''
  expect(comment).toContain("base branch's baseline applies")
  expect(comment).not.toContain('99999')
}, 120_000)

test('policy inputs count for nothing when the pull request edits the workflow that sets them', async () => {
  await stage.world.pushToMain(teamFiles(), 'start')
  const files = { '.github/workflows/llm-perf.yml': `${workflow}# edited\n` }
  const pull = await stage.world.openPull('workflow', files, 'Edit the workflow')
  const { main } = await stage.run(pull, { 'margin-latency': '100%' })
  expect(main.exitCode).toBe(1)
  expect(main.outputs.verdict).toBe('invalid')
  expect(await stage.comment(pull.pull)).toMatch(/margin-latency/)
}, 60_000)

test('a clone without the merge-base that cannot be deepened', async () => {
  await stage.world.pushToMain(teamFiles(), 'start')
  const pull = await stage.world.openPull('shallow', { 'README.md': '# Hello\n' }, 'Say hello')
  const shallow = `${pull.workspace}-shallow`
  git(stage.folder, 'clone', '--quiet', '--depth=1', `file://${pull.workspace}`, shallow)
  rmSync(pull.workspace, { recursive: true })
  await expectInvalid({ ...pull, workspace: shallow }, /fetch-depth: 0/)
}, 60_000)

test('a configuration that is not YAML', async () => {
  await stage.world.pushToMain(teamFiles(), 'start')
  await expectInvalid(await stage.world.openPull('typo', { 'llm-perf.yml': 'server: [\n' }, 'Typo'), /llm-perf\.yml/)
}, 60_000)

test('a fork’s pull request is not run, and is not green', async () => {
  await stage.world.pushToMain(teamFiles(), 'start')
  const server = 'import { writeFileSync } from "node:fs"; writeFileSync("owned.txt", "")\n'
  const pull = await stage.world.openPull('fork', { 'server.mjs': server }, 'From a fork')
  const event = structuredClone(pull.event) as { pull_request: { head: { repo: unknown } } }
  event.pull_request.head.repo = { full_name: 'stranger/llm-server' }
  const { main } = await stage.run({ ...pull, event }, { token: stage.github.tokens.readOnly })
  expect(main.exitCode).toBe(1)
  expect(main.stdout).toMatch(/::error::.*fork stranger\/llm-server/)
  expect(main.summary).toContain('INVALID')
  const { existsSync } = await import('node:fs')
  expect(existsSync(`${pull.workspace}/owned.txt`)).toBe(false)
}, 60_000)

test('a red verdict stays red when the comment cannot be posted, and the warning names the permission', async () => {
  await stage.world.pushToMain(teamFiles(), 'start')
  const pull = await stage.world.openPull('exits', { 'server.mjs': 'process.exit(3)\n' }, 'Exits')
  const { main } = await stage.run(pull, { token: stage.github.tokens.readOnly })
  expect(main.exitCode).toBe(1)
  expect(main.outputs.verdict).toBe('invalid')
  expect(main.stdout).toMatch(/::warning::.*pull-requests: write/)
  expect(main.summary).toContain('exited with code 3')
}, 60_000)

test('a baseline that was committed stands when the job summary cannot be written', async () => {
  const push = await stage.world.pushToMain(teamFiles(), 'start')
  const step = stage.step(push)
  const environment = { ...step.environment, GITHUB_STEP_SUMMARY: join(push.workspace, 'no', 'such', 'folder') }
  const { main } = await runJob({ ...step, environment })
  expect(main.stdout).toContain('::warning::The job summary could not be written')
  expect(main.exitCode, main.stdout).toBe(0)
  expect(main.outputs).toMatchObject({ verdict: 'pass' })
}, 60_000)

test('a feature branch never writes the baseline', async () => {
  const push = await stage.world.pushToMain(teamFiles(), 'start')
  const environment = { ...push.environment, GITHUB_REF: 'refs/heads/feature' }
  const { main } = await stage.run({ ...push, environment, eventName: 'workflow_dispatch' }, { mode: 'calibrate' })
  expect(main.exitCode).toBe(1)
  expect(main.stdout).toMatch(/::error::.*feature/)
  expect(await stage.world.fileOnMain(baselinePath)).toBeNull()
}, 60_000)
