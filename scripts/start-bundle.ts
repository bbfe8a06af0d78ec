import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ActionStep, runJob } from '../test/runner/run-action.ts'

/**
 * Starts the bundle that stands alone in a folder, without node_modules above it, and expects it to get as far as
 * refusing an empty configuration by name, and its post step to find nothing to do: a broken bundle dies at load, which
 * builds and tests green otherwise.
 *
 *     node scripts/start-bundle.ts FOLDER
 */
const folder = process.argv[2]
if (!folder || !existsSync(join(folder, 'dist', 'index.js'))) {
  throw new Error(`Give the folder that holds dist/index.js; got ${folder ?? 'nothing'}.`)
}
const workspace = join(folder, 'workspace')
mkdirSync(workspace, { recursive: true })
const step: ActionStep = {
  bundle: join(folder, 'dist', 'index.js'),
  workspace,
  temp: join(folder, 'temp'),
  eventName: 'push',
  event: {
    ref: 'refs/heads/main',
    after: '0'.repeat(40),
    repository: { full_name: 'acme/llm-server', default_branch: 'main' },
  },
  inputs: { token: 'none', mode: 'auto', config: 'llm-perf.yml' },
  environment: {
    GITHUB_REPOSITORY: 'acme/llm-server',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: '0'.repeat(40),
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'http://127.0.0.1:1',
  },
}
const { main, post } = await runJob(step)
console.log(main.stdout + main.stderr + post.stdout + post.stderr)
if (main.exitCode !== 1 || !/::error.*llm-perf\.yml/.test(main.stdout)) {
  console.error(`Expected exit code 1 and an error about llm-perf.yml; got exit code ${main.exitCode}.`)
  process.exitCode = 1
}
if (post.exitCode !== 0 || !post.stdout.includes('Nothing was left to clean up.')) {
  console.error(`Expected exit code 0 of the post step, with nothing to clean up; got exit code ${post.exitCode}.`)
  process.exitCode = 1
}
