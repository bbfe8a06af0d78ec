import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startMain } from '../test/runner/run-action.ts'

/**
 * Starts the bundle that stands alone in a folder, without node_modules above it, and expects it to get as far as
 * refusing an empty configuration by name: a broken bundle dies at load, which builds and tests green otherwise.
 *
 *     node scripts/start-bundle.ts FOLDER
 */
const folder = process.argv[2]
if (!folder || !existsSync(join(folder, 'dist', 'index.js'))) {
  throw new Error(`Give the folder that holds dist/index.js; got ${folder ?? 'nothing'}.`)
}
const workspace = join(folder, 'workspace')
mkdirSync(workspace, { recursive: true })
const result = await startMain({
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
}).done
const asExpected = result.exitCode === 1 && /::error.*llm-perf\.yml/.test(result.stdout)
console.log(result.stdout + result.stderr)
if (!asExpected) {
  console.error(`Expected exit code 1 and an error about llm-perf.yml; got exit code ${result.exitCode}.`)
  process.exitCode = 1
}
