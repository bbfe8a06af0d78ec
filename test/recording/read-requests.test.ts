import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import { readRequests } from '../../src/recording/read-requests.ts'
import { requestRecordSchema } from '../../src/recording/schema.ts'
import { type Random, seededRandom } from '../../src/stats/random.ts'
import { fiveRequests, header, request, trial } from './sample.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-requests-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const run = { ...header, trials: [trial('h1', 0), trial('h2', 1)] }
const linesOf = (requests: readonly RequestRecord[]) => requests.map((one) => `${JSON.stringify(one)}\n`).join('')

/** What reading a file comes to: its requests, or the message of the refusal. */
async function read(text: string | Buffer): Promise<readonly RequestRecord[] | string> {
  const path = join(folder, 'requests.jsonl')
  await writeFile(path, text)
  return readRequests(path, run).catch((error: unknown) => {
    if (error instanceof ActionError) return error.message
    throw error
  })
}

const many = Array.from({ length: 9000 }, (_, index) =>
  request(index % 2 ? 'h1' : 'h2', index, { detail: 'é→😀'.repeat(9) }),
)

describe('a file that is larger than what is read at once', () => {
  test('is read whole, whatever character a block ends in', async () => {
    const text = linesOf(many)
    expect(Buffer.byteLength(text)).toBeGreaterThan(3 * 2 ** 20)
    expect(await read(text)).toEqual(many)
  })

  test('names the right line of a fault in any block', async () => {
    for (const line of [1, 2, 4000, 8999, 9000]) {
      const broken = many.map((one, index) => (index === line - 1 ? { ...one, chunks: -1 } : one))
      expect(await read(linesOf(broken))).toMatch(new RegExp(`requests\\.jsonl:${line}: chunks: `))
    }
  })

  test('without line ends is refused before it fills the memory', async () => {
    expect(await read('x'.repeat(3 * 2 ** 20))).toMatch(/requests\.jsonl:1: the line is longer than 1048576 bytes/)
    expect(await read(`${linesOf(fiveRequests('h1'))}${' '.repeat(3 * 2 ** 20)}`)).toMatch(
      /requests\.jsonl:6: the line/,
    )
  })
})

describe('which lines count', () => {
  test('a last line that lacks nothing but its line end', async () => {
    const text = linesOf(fiveRequests('h1'))
    expect(await read(text.slice(0, -1))).toEqual(fiveRequests('h1'))
  })

  test('lines of a trial that is not listed do not, but they are checked', async () => {
    expect(await read(linesOf([...fiveRequests('h1'), request('h3', 0)]))).toEqual(fiveRequests('h1'))
    const broken = { ...request('h3', 0), endMs: 'soon' }
    expect(await read(`${linesOf(fiveRequests('h1'))}${JSON.stringify(broken)}\n`)).toMatch(/jsonl:6: endMs: /)
  })

  test('lines of a scenario that the plan does not name do: the trial is judged with them', async () => {
    const strange = request('h1', 0, { scenario: 'other' })
    expect(await read(linesOf([strange]))).toEqual([strange])
  })
})

/** The file as the schema alone sees it, line by line: the requests, or where the first fault is. */
function bySchemaAlone(bytes: Buffer): readonly RequestRecord[] | number {
  const lines = bytes.toString('utf8').split('\n')
  const requests: RequestRecord[] = []
  for (const [index, line] of lines.entries()) {
    const parsed = requestRecordSchema.safeParse(jsonOf(line))
    if (parsed.success) requests.push(parsed.data)
    else if (index < lines.length - 1) return index + 1
  }
  return requests.filter((one) => ['h1', 'h2'].includes(one.trial))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Damage as disks and editors do it: bytes changed, lost, doubled, and the end cut off. */
function damaged(bytes: Buffer, random: Random): Buffer {
  const place = () => Math.floor(random() * bytes.length)
  const [from, to] = [place(), place()].toSorted((a, b) => a - b) as [number, number]
  const kinds = [
    () => Buffer.concat([bytes.subarray(0, from), Buffer.from([random() * 256]), bytes.subarray(from + 1)]),
    () => Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.min(to, from + 3))]),
    () =>
      Buffer.concat([
        bytes.subarray(0, from),
        Buffer.from('0123456789-".,:{}\n'.charAt(random() * 18)),
        bytes.subarray(from),
      ]),
    () => Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]),
    () => bytes.subarray(0, from),
  ]
  return (kinds[Math.floor(random() * kinds.length)] ?? kinds[0])?.() ?? bytes
}

test('a damaged file is read or refused just as the schema alone would have it, at the same line', async () => {
  const random = seededRandom(3)
  const sound = Buffer.from(linesOf([...fiveRequests('h1'), ...fiveRequests('h2')]))
  const seen = { read: 0, refused: 0 }
  for (let round = 0; round < 200; round++) {
    const bytes = damaged(sound, random)
    const [result, expected] = [await read(bytes), bySchemaAlone(bytes)]
    if (typeof expected === 'number') {
      expect(result).toContain(`requests.jsonl:${expected}: `)
      seen.refused++
    } else {
      expect(result).toEqual(expected)
      seen.read++
    }
  }
  expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(30)
})
