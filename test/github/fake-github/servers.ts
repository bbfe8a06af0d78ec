import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator } from 'emulate'
import { chooseFreePort } from '../../../src/server/port.ts'
import { createProxy } from './proxy.ts'
import { mintTokens, type Tokens } from './tokens.ts'

export interface Servers {
  readonly apiUrl: string
  readonly tokens: Tokens
  close(): Promise<void>
}

/** The package and the proxy in front of it, both in this process. Port 0 picks a free one. */
export async function startServers(options: { port: number; owner: string; repo: string }): Promise<Servers> {
  const { owner, repo } = options
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // The package wants its own number before it starts.
  const backendPort = await chooseFreePort()
  const people = { dev: 'dev-token-of-the-fake', stranger: 'stranger-token-of-the-fake' }
  const emulator = await createEmulator({
    service: 'github',
    port: backendPort,
    baseUrl: apiUrl,
    seed: seed(owner, repo, people),
  })
  const backendUrl = `http://127.0.0.1:${backendPort}`
  const key = emulator.generatedSecrets[0]?.value
  if (!key) throw new Error('emulate made no key for the app')
  const tokens = await mintTokens(backendUrl, key, people)
  server.on('request', createProxy({ backendUrl, knownTokens: tokens, owner, repo }))
  return {
    apiUrl,
    tokens,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await emulator.close()
    },
  }
}

function seed(owner: string, repo: string, people: { dev: string; stranger: string }) {
  const permissions = { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write', metadata: 'read' }
  const installations = [{ installation_id: 1, account: owner, repository_selection: 'all' }]
  return {
    tokens: {
      [people.dev]: { login: owner, scopes: ['repo', 'user'] },
      [people.stranger]: { login: 'stranger', scopes: ['repo', 'user'] },
    },
    github: {
      users: [{ login: owner }, { login: 'stranger' }],
      repos: [{ owner, name: repo, auto_init: false }],
      apps: [{ app_id: 1, slug: 'github-actions', name: 'GitHub Actions', permissions, installations }],
    },
  }
}
