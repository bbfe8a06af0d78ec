import { beforeEach, describe, expect, it } from 'vitest'
import { connectGitHub } from '../../src/github/index.ts'
import { seededPull } from './seeded.ts'
import { useFakeGitHub } from './use-fake-github.ts'

const marker = '<!-- llm-perf-action:default -->'
const body = (text: string) => `${marker}\n${text}`

const fake = useFakeGitHub()
const { connect, log, waits } = fake
let pull: number
beforeEach(async () => {
  pull = await seededPull(fake)
})

interface Comment {
  readonly id: number
  readonly body: string
  readonly user: { readonly login: string }
  readonly html_url: string
}

const path = (rest: string) => `/repos/${fake.owner}/${fake.repo}/${rest}`
const comments = (page = 1) => fake.api<Comment[]>('GET', path(`issues/${pull}/comments?per_page=100&page=${page}`))
const say = (text: string, token: string) => fake.api('POST', path(`issues/${pull}/comments`), { body: text }, token)

describe('one comment per pull request', () => {
  it('is created under the name of the token', async () => {
    const result = await connect().upsertComment(pull, marker, body('first'))
    const [comment, ...more] = await comments()
    expect(more).toEqual([])
    expect(comment).toMatchObject({ body: body('first'), user: { login: 'github-actions[bot]' } })
    expect(result).toEqual({ url: comment?.html_url })
  })

  it('is updated in place, by the token of a job and by that of a person', async () => {
    for (const token of [fake.tokens.job, fake.tokens.dev]) {
      pull = await seededPull(fake)
      const first = await connect(token).upsertComment(pull, marker, body('first'))
      expect(await connect(token).upsertComment(pull, marker, body('second'))).toEqual(first)
      expect((await comments()).map((comment) => comment.body)).toEqual([body('second')])
    }
  })

  it('is found on the second page', async () => {
    await connect().upsertComment(pull, marker, body('first'))
    for (let number = 0; number < 120; number += 1) await say(`chatter ${number}`, fake.tokens.stranger)
    const [, ...old] = await comments()
    // The oldest comment stands on the first page: take it away, so that ours is the youngest of all.
    expect(old).toHaveLength(99)
    const [own] = await comments()
    await fake.api('DELETE', path(`issues/comments/${own?.id}`))
    await connect().upsertComment(pull, marker, body('young'))
    expect((await comments(1)).some((comment) => comment.body.startsWith(marker))).toBe(false)
    await connect().upsertComment(pull, marker, body('updated'))
    expect(
      (await comments(2)).filter((comment) => comment.body.startsWith(marker)).map((comment) => comment.body),
    ).toEqual([body('updated')])
  })

  it("somebody else's comment with our marker is left alone", async () => {
    await say(body('forged'), fake.tokens.stranger)
    await connect().upsertComment(pull, marker, body('real'))
    await connect().upsertComment(pull, marker, body('real again'))
    expect((await comments()).map((comment) => [comment.user.login, comment.body])).toEqual([
      ['stranger', body('forged')],
      ['github-actions[bot]', body('real again')],
    ])
  })

  it('a comment that only quotes the marker is not taken for ours', async () => {
    await say(`> ${body('quoted')}`, fake.tokens.job)
    await connect().upsertComment(pull, marker, body('real'))
    expect((await comments()).map((comment) => comment.body)).toEqual([`> ${body('quoted')}`, body('real')])
  })

  it('two gates have a comment each', async () => {
    const other = '<!-- llm-perf-action:other -->'
    await connect().upsertComment(pull, marker, body('one'))
    await connect().upsertComment(pull, other, `${other}\ntwo`)
    await connect().upsertComment(pull, marker, body('three'))
    expect((await comments()).map((comment) => comment.body)).toEqual([body('three'), `${other}\ntwo`])
  })

  it('where the login cannot be asked for, only a comment of a bot is ours', async () => {
    await connect().upsertComment(pull, marker, body('first'))
    await say(body('forged'), fake.tokens.stranger)
    await fake.faults([{ match: 'POST /graphql', times: 9, status: 403, body: { message: 'Forbidden' } }])
    await connect().upsertComment(pull, marker, body('second'))
    expect((await comments()).map((comment) => comment.body)).toEqual([body('second'), body('forged')])
  })

  it('one that was deleted meanwhile is written anew', async () => {
    await connect().upsertComment(pull, marker, body('first'))
    await fake.faults([{ match: 'PATCH .*/issues/comments/', status: 404, body: { message: 'Not Found' } }])
    expect(await connect().upsertComment(pull, marker, body('second'))).toHaveProperty('url')
    expect((await comments()).map((comment) => comment.body)).toEqual([body('first'), body('second')])
  })
})

describe('a comment that cannot be written is a problem in words, never a throw', () => {
  it('a token without the permission: the line of YAML that is missing', async () => {
    const result = await connect(fake.tokens.readOnly).upsertComment(pull, marker, body('x'))
    expect(result).toHaveProperty('problem', expect.stringContaining('`permissions: pull-requests: write`'))
    expect(await comments()).toEqual([])
  })

  it('a pull request that does not exist, which is how GitHub hides what a token may not see', async () => {
    const result = await connect().upsertComment(9_999, marker, body('x'))
    expect(result).toHaveProperty('problem', expect.stringContaining('`permissions: pull-requests: write`'))
  })

  it('an unknown token', async () => {
    const result = await connect('a-token-nobody-knows').upsertComment(pull, marker, body('x'))
    expect(result).toHaveProperty('problem', expect.stringMatching(/Bad credentials.*does not know this token/))
    expect(JSON.stringify([result, log])).not.toContain('a-token-nobody-knows')
  })

  it('a server that is not there', async () => {
    const nobody = connectGitHub('t', 'a/b', { apiUrl: 'http://127.0.0.1:9', log: () => {}, wait: async () => {} })
    expect(await nobody.upsertComment(1, marker, body('x'))).toHaveProperty(
      'problem',
      expect.stringContaining('Run the job again'),
    )
  })

  it('a body without its marker', async () => {
    expect(await connect().upsertComment(pull, marker, 'no marker')).toHaveProperty(
      'problem',
      expect.stringContaining('marker'),
    )
    expect(await comments()).toEqual([])
  })
})

describe('limits', () => {
  it('a body that GitHub finds too long is cut at a line, says so, and links the summary', async () => {
    const long = body(`headline\n${'a row of the table\n'.repeat(4_000)}`)
    const result = await connect().upsertComment(pull, marker, long, 'https://github.com/acme/runs/7')
    expect(result).toHaveProperty('url')
    const [comment] = await comments()
    expect(comment?.body.startsWith(body('headline\na row of the table\n'))).toBe(true)
    expect(comment?.body).toMatch(
      /a row of the table\n\nThis report was too long .*\[the summary of the job\]\(https:\/\/github.com\/acme\/runs\/7\)/,
    )
  })

  it('a rate limit that ends soon is waited out', async () => {
    const refusal = {
      status: 403,
      body: { message: 'You have exceeded a secondary rate limit' },
      headers: { 'retry-after': '7' },
    }
    await fake.faults([{ match: 'POST .*/comments', ...refusal }])
    expect(await connect().upsertComment(pull, marker, body('x'))).toHaveProperty('url')
    expect(waits).toEqual([7_000])
    expect(log[0]).toContain('waiting 7 s')
  })

  it('one that ends late is a problem: a machine waits meanwhile', async () => {
    const refusal = { status: 429, body: { message: 'rate limit' }, headers: { 'retry-after': '3600' } }
    await fake.faults([{ match: 'POST .*/comments', times: 9, ...refusal }])
    const result = await connect().upsertComment(pull, marker, body('x'))
    expect(result).toHaveProperty('problem', expect.stringContaining('limits the number of requests'))
    expect(waits).toEqual([])
  })
})

describe('lost answers', () => {
  it.each([
    ['the connection breaks after the comment was written', { reset: true, after: true }],
    [
      'a gateway answers 502 after the comment was written',
      { status: 502, body: '<html>Bad gateway</html>', after: true },
    ],
    ['the connection breaks before anything was written', { reset: true }],
  ])('%s: there is one comment in the end', async (_, fault) => {
    await fake.faults([{ match: 'POST .*/issues/\\d+/comments', ...fault }])
    const result = await connect().upsertComment(pull, marker, body('x'))
    const all = await comments()
    expect(all.map((comment) => comment.body)).toEqual([body('x')])
    expect(result).toEqual({ url: all[0]?.html_url })
  })

  it('reading is tried again, a bounded number of times', async () => {
    await fake.faults([{ match: 'GET .*/comments', times: 2, status: 503, body: { message: 'unavailable' } }])
    expect(await connect().upsertComment(pull, marker, body('x'))).toHaveProperty('url')
    await fake.faults([{ match: 'GET .*/comments', times: 99, status: 503, body: { message: 'unavailable' } }])
    const before = (await fake.journal()).length
    expect(await connect().upsertComment(pull, marker, body('y'))).toHaveProperty('problem')
    const asked = (await fake.journal()).slice(before).filter(({ path: asked }) => asked.endsWith('/comments'))
    expect(asked).toHaveLength(3)
  })
})
