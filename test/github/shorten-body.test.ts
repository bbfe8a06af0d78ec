import { describe, expect, it } from 'vitest'
import { shortenBody } from '../../src/github/shorten-body.ts'

const filler = 'a line of text\n'.repeat(3_000)

describe('a comment that is too long', () => {
  it('is cut at the end of a line, and says where the whole stands', () => {
    const short = shortenBody(`<!-- m -->\n${filler}`, 'https://example.org/run')
    expect(short.length).toBeLessThan(31_000)
    expect(short.startsWith('<!-- m -->\na line of text\n')).toBe(true)
    expect(short).toMatch(
      /a line of text\n\nThis report was too long .*\[the summary of the job\]\(https:\/\/example.org\/run\)\.\n$/,
    )
  })

  it('does not invent a link', () => {
    expect(shortenBody(filler, null)).toMatch(/in the summary of the job\.\n$/)
  })

  it('closes what the cut left open: the fence first, then the fold', () => {
    const short = shortenBody(`<details>\n\n\`\`\`\`text\n\`\`\`\n${filler}\n\`\`\`\`\n</details>`, null)
    expect(short).toMatch(/a line of text\n````\n\n<\/details>\n\nThis report/)
  })

  it('closes nothing that is closed', () => {
    const short = shortenBody(`<details>\n\n\`\`\`\n<details>\n\`\`\`\n\n</details>\n${filler}`, null)
    expect(short.match(/<\/details>/g)).toHaveLength(1)
    expect(short.match(/```/g)).toHaveLength(2)
  })
})
