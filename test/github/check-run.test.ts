import { beforeEach, describe, expect, it } from 'vitest'
import { type CheckRun, connectGitHub } from '../../src/github/index.ts'
import { checkRuns, seededHead } from './seeded.ts'
import { useFakeGitHub } from './use-fake-github.ts'

const fake = useFakeGitHub()
const { connect, log, waits } = fake
let headSha: string
beforeEach(async () => {
  headSha = await seededHead(fake)
})

const check = (given: Partial<CheckRun> = {}): CheckRun => ({
  name: 'llm-perf: default',
  headSha,
  conclusion: 'neutral',
  title: 'Inconclusive: P90 latency of short',
  summary: '### Inconclusive\n\nmore pairs',
  externalId: '77-1',
  detailsUrl: 'https://github.com/acme/llm-server/actions/runs/77',
  ...given,
})

const written = () => checkRuns(fake, headSha)

describe('a check run of our own', () => {
  it.each(['success', 'failure', 'neutral'] as const)('is written on the head, finished as %s', async (conclusion) => {
    const result = await connect().writeCheckRun(check({ conclusion }))
    const [run, ...more] = await written()
    expect(more).toEqual([])
    expect(run).toMatchObject({
      name: 'llm-perf: default',
      status: 'completed',
      conclusion,
      head_sha: headSha,
      external_id: '77-1',
      details_url: 'https://github.com/acme/llm-server/actions/runs/77',
      output: { title: 'Inconclusive: P90 latency of short', summary: '### Inconclusive\n\nmore pairs' },
    })
    expect(result).toEqual({ url: run?.html_url })
  })

  it('of another attempt stands beside the first, and so does that of another gate', async () => {
    await connect().writeCheckRun(check())
    await connect().writeCheckRun(check({ externalId: '77-2', conclusion: 'success' }))
    await connect().writeCheckRun(check({ name: 'llm-perf: gpu' }))
    expect((await written()).map(({ name, external_id }) => `${name} ${external_id}`).sort()).toEqual([
      'llm-perf: default 77-1',
      'llm-perf: default 77-2',
      'llm-perf: gpu 77-1',
    ])
  })
})

describe('limits', () => {
  it.each([
    ['of ASCII', 'a row of the table\n'],
    ['of characters of three bytes', '✓✓✓ → ✓✓✓\n'],
  ])('a summary %s that is too long is cut at a line and links the run', async (_, row) => {
    const summary = `headline\n${row.repeat(8_000)}`
    expect(await connect().writeCheckRun(check({ summary }))).toHaveProperty('url')
    const [run] = await written()
    const text = run?.output.summary ?? ''
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_535)
    expect(Buffer.byteLength(text)).toBeGreaterThan(30_000)
    expect(text).toMatch(/\n\nThis report was too long for a check .*\[the summary of the job\]\(https:.*runs\/77\)/)
    const kept = text.split('\n\nThis report')[0] ?? ''
    expect(kept.startsWith('headline\n')).toBe(true)
    expect(summary.startsWith(`${kept}\n`)).toBe(true)
  })

  it('a summary that just fits is left alone', async () => {
    const summary = 'x'.repeat(65_535)
    await connect().writeCheckRun(check({ summary }))
    expect((await written())[0]?.output.summary).toBe(summary)
  })

  it('a title is cut to one line of a list', async () => {
    await connect().writeCheckRun(check({ title: 'slow '.repeat(100) }))
    const title = (await written())[0]?.output.title ?? ''
    expect(title).toMatch(/^slow slow .*…$/)
    expect(title.length).toBeLessThanOrEqual(200)
  })
})

describe('a check that cannot be written is a problem in words, never a throw', () => {
  it('a token without the permission: the line of YAML that is missing', async () => {
    const result = await connect(fake.tokens.readOnly).writeCheckRun(check())
    expect(result).toMatchObject({ isDenied: true, problem: expect.stringContaining('`permissions: checks: write`') })
    expect(await written()).toEqual([])
  })

  it('an unknown token is not a missing permission, and is not printed', async () => {
    const result = await connect('a-token-nobody-knows').writeCheckRun(check())
    expect(result).toMatchObject({ isDenied: false, problem: expect.stringContaining('does not know this token') })
    expect(JSON.stringify([result, log])).not.toContain('a-token-nobody-knows')
  })

  it('a GitHub that only answers 503', async () => {
    await fake.faults([{ match: '/check-runs', times: 99, status: 503, body: { message: 'unavailable' } }])
    const result = await connect().writeCheckRun(check())
    expect(result).toMatchObject({ isDenied: false, problem: expect.stringContaining('Run the job again') })
  })

  it('a server that is not there', async () => {
    const nobody = connectGitHub('t', 'a/b', { apiUrl: 'http://127.0.0.1:9', log: () => {}, wait: async () => {} })
    expect(await nobody.writeCheckRun(check())).toMatchObject({ isDenied: false })
  })
})

describe('lost answers', () => {
  it.each([
    ['the connection breaks after the check was written', { reset: true, after: true }],
    ['a gateway answers 502 after it was written', { status: 502, body: '<html>Bad gateway</html>', after: true }],
    ['a gateway answers 502 before it was written', { status: 502, body: '<html>Bad gateway</html>' }],
  ])('%s: there is one in the end', async (_, fault) => {
    await connect().writeCheckRun(check({ externalId: '76-1' }))
    await fake.faults([{ match: 'POST .*/check-runs', ...fault }])
    const result = await connect().writeCheckRun(check())
    const own = (await written()).filter(({ external_id }) => external_id === '77-1')
    expect(own).toHaveLength(1)
    expect(result).toEqual({ url: own[0]?.html_url })
    expect(waits).toEqual([1_000])
    expect(log[0]).toContain('looking for it')
  })

  it('a rate limit that ends soon is waited out', async () => {
    const body = { message: 'You have exceeded a secondary rate limit' }
    await fake.faults([{ match: 'POST .*/check-runs', status: 403, body, headers: { 'retry-after': '7' } }])
    expect(await connect().writeCheckRun(check())).toHaveProperty('url')
    expect(waits).toEqual([7_000])
  })
})
