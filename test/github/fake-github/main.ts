/**
 * A GitHub of our own for tests and for the demo, in its own process:
 *
 *     node test/github/fake-github/main.ts --port 0 --owner acme --repo llm-server
 *
 * One JSON line on stdout says that it is ready: {"apiUrl", "owner", "repo", "tokens"}. SIGTERM or SIGINT stops it;
 * with --exit-with-stdin so does the end of stdin, which is how it notices that its parent was killed.
 * The state is held by the package `emulate`; a proxy in front adds what the package leaves out (see proxy.ts).
 */
import { parseArgs } from 'node:util'
import { startServers } from './servers.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    owner: { type: 'string', default: 'acme' },
    repo: { type: 'string', default: 'llm-server' },
    'exit-with-stdin': { type: 'boolean', default: false },
  },
})

const servers = await startServers({ port: Number(values.port), owner: values.owner, repo: values.repo })
const { apiUrl, tokens } = servers
process.stdout.write(`${JSON.stringify({ apiUrl, owner: values.owner, repo: values.repo, tokens })}\n`)

const stop = () => {
  servers.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
if (values['exit-with-stdin']) process.stdin.once('end', stop).resume()
