import type { Api } from '../../src/load/api/api.ts'
import { apis } from '../../src/load/api/index.ts'
import type { ApiConfig } from '../../src/model/config.ts'
import type { Random } from '../../src/stats/random.ts'
import { homeMadeWire } from '../../test/load/fakes/home-made.ts'
import { wires as nativeWires } from '../../test/load/fakes/index.ts'
import { openAiWire } from '../../test/load/fakes/openai.ts'
import type { Wire } from '../../test/load/fakes/wire.ts'
import { apiConfig } from '../../test/load/load-setup.ts'

/** An API with how its answers look on the wire. */
export interface Subject {
  readonly name: string
  readonly wire: Wire
  readonly api: Api
  readonly config: ApiConfig
}

/** One healthy answer, and what must be read from it. */
export interface Sample {
  readonly subject: Subject
  readonly streaming: boolean
  readonly bytes: Buffer
  readonly promptTokens: number
  readonly outputTokens: number
  /** Text of each event that has any. */
  readonly texts: readonly string[]
  /** For each of them, and for the event that ends the content: the place of the byte that completes it. */
  readonly completedBy: readonly number[]
  readonly endedBy: number
  /** With so many bytes of it an answer is complete, and with fewer it is not. */
  readonly neededBytes: number
}

const usagePlaces = ['own event', 'last choice', 'every event'] as const

export const subjects: readonly Subject[] = [
  ...usagePlaces.map((place) =>
    subject(`openai-completions, usage in ${place}`, openAiWire('openai-completions', place)),
  ),
  ...usagePlaces.map((place) => subject(`openai-chat, usage in ${place}`, openAiWire('openai-chat', place))),
  ...nativeWires.map((wire) => subject(wire.type, wire)),
  subject('generate, sse', homeMadeWire('sse')),
  subject('generate, ndjson', homeMadeWire('ndjson'), 'ndjson'),
]

function subject(name: string, wire: Wire, streamFormat: 'sse' | 'ndjson' = 'sse'): Subject {
  const plain = apiConfig(wire.type)
  const config = { ...plain, generate: { ...plain.generate, streamFormat } }
  return { name, wire, api: apis[wire.type], config }
}

/** Words, what JSON must escape, what UTF-8 needs several bytes for, and what the events hold besides their text. */
const texts = [
  ...[' the', ' of', 'ing', ' word', '.', '\n', '"', '\\', '{"a":1}', ', "', 'null', '[DONE]', 'data: x'],
  ...['é', '日本', '👍🏽', '\u2028', '\u0000'],
  ...['text', 'content', 'assistant', 'fake/model', 'length', 'cmpl-7f3e'],
]

/** A healthy answer with everything that servers differ in: line ends, blanks, comments, empty events, odd texts. */
export function makeSample(random: Random): Sample {
  const subject = pick(subjects, random)
  return random() < 0.15 ? makeBody(subject, random) : makeStream(subject, random)
}

function makeBody(subject: Subject, random: Random): Sample {
  const { wire } = subject
  const [promptTokens, outputTokens] = [whole(500, random), 1 + whole(40, random)]
  const text = Array.from({ length: outputTokens }, () => pick(texts, random)).join('')
  const json = JSON.stringify(wire.body({ promptTokens, tokens: outputTokens, text }, wire.reasons.length))
  const bytes = Buffer.from(random() < 0.2 ? `${json}\n` : json)
  const neededBytes = Buffer.byteLength(json)
  const common = { subject, streaming: false, bytes, promptTokens, outputTokens, neededBytes }
  return { ...common, texts: [text], completedBy: [], endedBy: bytes.length - 1 }
}

function makeStream(subject: Subject, random: Random): Sample {
  const { wire } = subject
  const outputTokens = 1 + whole(random() < 0.05 ? 40 : 8, random)
  const writer = new StreamWriter(subject, random)
  const promptTokens = whole(500, random)
  let text = ''
  for (let tokens = 1; tokens <= outputTokens; tokens += 1) {
    // An event may hold no text, as that of half a character does; there is always some in the end.
    const isEmpty = !subject.api.repeatsText && tokens < outputTokens && random() < 0.1
    const next = isEmpty ? '' : pick(texts, random)
    text += next
    writer.write(wire.token(next, { promptTokens, tokens, text }), next)
  }
  for (const value of wire.ending({ promptTokens, tokens: outputTokens, text }, wire.reasons.length))
    writer.write(value, null)
  return { ...writer.sample(), subject, streaming: true, promptTokens, outputTokens, texts: writer.texts }
}

/** Writes events, each in its own manner, and keeps the books. */
class StreamWriter {
  readonly texts: string[] = []
  readonly #subject: Subject
  readonly #random: Random
  readonly #ending: string
  readonly #isTight: boolean
  readonly #isEscaped: boolean
  readonly #completedBy: number[] = []
  #endedBy = 0
  #neededBytes = 0
  #body = ''
  #length = 0

  constructor(subject: Subject, random: Random) {
    this.#subject = subject
    this.#random = random
    // A line of JSON ends in LF or CRLF; CR alone is for events only.
    this.#ending = pick(this.#isSse ? ['\n', '\r\n', '\r'] : ['\n', '\r\n'], random)
    this.#isTight = random() < 0.3
    this.#isEscaped = random() < 0.2
  }

  get #isSse(): boolean {
    return this.#subject.api.streamFormat(this.#subject.config) === 'sse'
  }

  write(value: unknown, text: string | null): void {
    const random = this.#random
    if (random() < 0.05)
      this.#add(this.#isSse ? pick([': ping\n\n', ':\n', '\n', 'id: 7\n', 'event: token\n'], random) : '\n')
    const frame = this.#subject.wire.frame(value)
    const bare = this.#isTight ? frame.replace(/^data: /, 'data:') : frame
    const content = this.#isEscaped ? escapeUnicode(bare.trimEnd()) : bare.trimEnd()
    this.#add(content)
    this.#neededBytes = this.#length
    this.#add(bare.slice(bare.trimEnd().length))
    const lineFeedLater = this.#ending === '\r\n' ? 1 : 0
    const completed = this.#length - 1 - lineFeedLater
    if (text) {
      this.texts.push(text)
      this.#completedBy.push(completed)
    }
    if (text || this.#endsContent(value)) this.#endedBy = completed
  }

  #endsContent(value: unknown): boolean {
    const { api, config } = this.#subject
    return value !== '[DONE]' && api.read(value as Record<string, unknown>, config).finishReason !== null
  }

  #add(part: string): void {
    const written = part.replaceAll('\n', this.#ending)
    this.#body += written
    this.#length += Buffer.byteLength(written)
  }

  sample(): Pick<Sample, 'bytes' | 'completedBy' | 'endedBy' | 'neededBytes'> {
    return {
      bytes: Buffer.from(this.#body),
      completedBy: this.#completedBy,
      endedBy: this.#endedBy,
      neededBytes: this.#neededBytes,
    }
  }
}

/** As servers write that keep JSON within ASCII. */
function escapeUnicode(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function pick<T>(items: readonly T[], random: Random): T {
  return items[whole(items.length, random)] as T
}

/** A whole number from 0 to below `below`. */
export function whole(below: number, random: Random): number {
  return Math.floor(random() * below)
}
