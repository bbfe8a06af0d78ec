import { tmpdir } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { git, gitOrFail } from '../../src/server/git.ts'

const path = process.env.PATH
afterEach(() => {
  process.env.PATH = path
})

test('a refusal of git is an answer with its words, in English', async () => {
  const answer = await git(tmpdir(), ['rev-parse', '--verify', 'no-such-ref'])
  expect(answer).toMatchObject({ isOk: false, stdout: '' })
  expect(answer.stderr).toMatch(/^fatal: /)
})

test('where a refusal is an error, what git said is quoted in it', async () => {
  const failure = { message: 'It did not work.', hint: 'Try again.' }
  await expect(gitOrFail(tmpdir(), ['no-such-command'], failure)).rejects.toMatchObject({
    code: 'invalid',
    message: 'It did not work.',
    hint: expect.stringMatching(/^Try again\. git said:\n\| git: 'no-such-command' is not a git command/),
  })
})

test('a machine without git is told to install it', async () => {
  process.env.PATH = '/nowhere'
  await expect(git(tmpdir(), ['version'])).rejects.toMatchObject({
    code: 'invalid',
    message: 'git could not be started.',
  })
})
