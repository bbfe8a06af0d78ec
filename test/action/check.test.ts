import { beforeEach, describe, expect, it } from 'vitest'
import { type PublishTarget, writeCheck } from '../../src/action/check.ts'
import type { Log } from '../../src/log.ts'
import type { Conclusion } from '../../src/model/verdict.ts'
import type { CheckMode, PullRequestEvent } from '../../src/plan/index.ts'
import { checkRuns, seededHead } from '../github/seeded.ts'
import { useFakeGitHub } from '../github/use-fake-github.ts'

const fake = useFakeGitHub()
let headSha: string
let said: { info: string[]; warning: string[] }

beforeEach(async () => {
  headSha = await seededHead(fake)
  said = { info: [], warning: [] }
})

const log: Log = {
  info: (line) => said.info.push(line),
  warning: (line) => said.warning.push(line),
  group: async (_name, body) => await body(),
  progress: () => {},
}

function target(check: CheckMode, token = fake.tokens.job): PublishTarget {
  const runUrl = 'https://github.com/acme/llm-server/actions/runs/77'
  return {
    github: fake.connect(token),
    event: { headSha, runUrl, runAttempt: 2 } as PullRequestEvent,
    comment: true,
    check,
  }
}

const text = { title: 'Inconclusive', comment: '<!-- llm-perf-action:gpu -->\n### Inconclusive\n\nmore' }
const write = (to: PublishTarget, conclusion: Conclusion = 'inconclusive') =>
  writeCheck(to, 'gpu', conclusion, text, log)

const written = () => checkRuns(fake, headSha)

describe('the check of a gate', () => {
  it.each([
    ['pass', 'success'],
    ['regressed', 'failure'],
    ['invalid', 'failure'],
    ['inconclusive', 'neutral'],
  ] as const)('%s is %s, named for the gate, with the text of the comment', async (conclusion, expected) => {
    await write(target('auto'), conclusion)
    expect(await written()).toMatchObject([
      {
        name: 'llm-perf: gpu',
        conclusion: expected,
        external_id: '77-2',
        output: { summary: '### Inconclusive\n\nmore' },
      },
    ])
    expect(said).toEqual({ info: [expect.stringMatching(/^Check: http/)], warning: [] })
  })

  it('a token that may not is one quiet line by default', async () => {
    await write(target('auto', fake.tokens.readOnly))
    expect(said).toEqual({ info: [expect.stringContaining('`permissions: checks: write`')], warning: [] })
  })

  it('a token that may not is a warning where the check was asked for', async () => {
    await write(target('true', fake.tokens.readOnly))
    expect(said.info).toEqual([])
    expect(said.warning).toEqual([expect.stringMatching(/`permissions: checks: write`.*The verdict stands\.$/)])
  })

  it('any other trouble is a warning, by default too', async () => {
    await fake.faults([{ match: '/check-runs', times: 99, status: 503, body: { message: 'unavailable' } }])
    await write(target('auto'))
    expect(said.warning).toEqual([expect.stringContaining('The verdict stands.')])
  })

  it('is not even asked for where it is switched off', async () => {
    const before = (await fake.journal()).length
    await write(target('false'))
    expect((await fake.journal()).length).toBe(before)
    expect(said).toEqual({ info: [], warning: [] })
  })
})
