import { afterAll, beforeAll, beforeEach } from 'vitest'
import { connectGitHub, type GitHub } from '../../src/github/index.ts'
import { type FakeGitHub, startFakeGitHub } from './fake-github/index.ts'

export interface SharedGitHub extends FakeGitHub {
  /** What the client logged since the test began. */
  readonly log: string[]
  /** How long the client wanted to wait since the test began, in milliseconds; it never really waits. */
  readonly waits: number[]
  /** The product's own client, with the token of a job unless another is given. */
  connect(token?: string): GitHub
}

/** One fake GitHub for all tests of a file; each of them begins without faults. */
export function useFakeGitHub(): SharedGitHub {
  const log: string[] = []
  const waits: number[] = []
  let running: FakeGitHub | undefined
  const started = (): FakeGitHub => {
    if (!running) throw new Error('The fake GitHub was not started.')
    return running
  }
  beforeAll(async () => {
    running = await startFakeGitHub()
  })
  afterAll(() => running?.stop())
  beforeEach(async () => {
    await started().faults([])
    log.length = 0
    waits.length = 0
  })
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds)
  }
  return {
    log,
    waits,
    connect(token = started().tokens.job) {
      const { apiUrl, owner, repo } = started()
      return connectGitHub(token, `${owner}/${repo}`, { apiUrl, log: (line) => log.push(line), wait })
    },
    get apiUrl() {
      return started().apiUrl
    },
    get owner() {
      return started().owner
    },
    get repo() {
      return started().repo
    },
    get tokens() {
      return started().tokens
    },
    api: (method, path, body, token) => started().api(method, path, body, token),
    faults: (rules) => started().faults(rules),
    journal: () => started().journal(),
    stop: () => started().stop(),
  }
}
