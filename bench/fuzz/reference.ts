import { asObject, errorMessage } from '../../src/load/api/json.ts'
import type { Subject } from './samples.ts'

/** Finish reasons of a server that gave up; nothing that it says later takes that back. */
export const gaveUp: readonly string[] = [
  'abort',
  'aborted',
  'error',
  'cancelled',
  'canceled',
  'timeout',
  'content_filter',
]

/** What can be read from an answer, without when. */
export interface Facts {
  text: string
  chunks: number
  promptTokens: number | null
  outputTokens: number | null
  cachedTokens: number | null
  finishReason: string | null
  isDone: boolean
  isCut: boolean
  hasError: boolean
  isMalformed: boolean
}

/** Reads an answer by the plainest means, one JSON.parse an event: the second opinion on the reader that is measured. */
export function readPlainly(bytes: Uint8Array, subject: Subject, streaming: boolean): Facts {
  const facts = noFacts()
  if (streaming) readStream(decode(bytes), subject, facts)
  else readBody(bytes, subject, facts)
  return facts
}

function noFacts(): Facts {
  const counts = { promptTokens: null, outputTokens: null, cachedTokens: null }
  const signs = { isDone: false, isCut: false, hasError: false, isMalformed: false }
  return { text: '', chunks: 0, finishReason: null, ...counts, ...signs }
}

function readBody(bytes: Uint8Array, { api, config }: Subject, facts: Facts): void {
  const value = parseObject(Buffer.from(bytes).toString('utf8'))
  if (!value) {
    facts.isMalformed = true
    return
  }
  const part = api.read(value, config)
  takeFacts(part, facts)
  facts.text = part.text
}

function takeFacts(part: ReturnType<Subject['api']['read']>, facts: Facts): void {
  facts.hasError ||= part.error !== null
  facts.isDone ||= part.isDone
  for (const name of ['promptTokens', 'outputTokens', 'cachedTokens', 'finishReason'] as const) {
    const isKept = name === 'finishReason' && gaveUp.includes(facts.finishReason ?? '')
    if (part[name] !== null && !isKept) Object.assign(facts, { [name]: part[name] })
  }
}

interface PlainEvent {
  readonly name: string
  readonly data: string
  readonly isCut: boolean
}

function readStream(text: string, subject: Subject, facts: Facts): void {
  const { api, config } = subject
  const events = api.streamFormat(config) === 'ndjson' ? linesOf(text) : eventsOf(text)
  let lastText = ''
  for (const [index, { name, data, isCut }] of events.entries()) {
    if (data.trim() === '[DONE]') facts.isDone = true
    else if (name === 'error') facts.hasError = true
    else {
      const value = parseObject(data)
      if (value) lastText = readEvent(value, subject, facts, lastText)
      else if (isCut && index > 0 && !facts.isDone) facts.isCut = true
      else facts.isMalformed = true
    }
  }
  if (events.length > 0 || text.trim() === '') return
  const value = parseObject(text)
  if (value && errorMessage(value.error) !== null) facts.hasError = true
  else facts.isMalformed = true
}

function readEvent(value: Record<string, unknown>, { api, config }: Subject, facts: Facts, lastText: string): string {
  const part = api.read(value, config)
  const hasNews = part.text !== lastText || (part.outputTokens ?? 0) > (facts.outputTokens ?? 0)
  const isText = part.text !== '' && (!api.repeatsText || hasNews)
  const nextLast = part.text === '' ? lastText : part.text
  if (isText && facts.isDone) {
    facts.isMalformed = true
    return nextLast
  }
  takeFacts(part, facts)
  if (isText) {
    facts.chunks += 1
    facts.text = api.repeatsText ? part.text : facts.text + part.text
  }
  return nextLast
}

/** WHATWG HTML, section 9.2.6, line by line. */
function eventsOf(text: string): PlainEvent[] {
  const events: PlainEvent[] = []
  const lines = text.split(/\r\n|\n|\r/)
  let data: string[] = []
  let name = ''
  for (const [index, line] of [...lines, ''].entries()) {
    if (line === '') {
      // The last two are no blank lines of the body: its unfinished line, and the end of the body itself.
      const isCut = index >= lines.length - 1
      if (data.join('\n') !== '') events.push({ name, data: data.join('\n'), isCut })
      data = []
      name = ''
      continue
    }
    const [, field = '', value = ''] = /^([^:]*):? ?([\s\S]*)$/.exec(line) ?? []
    if (field === 'data' || field === 'error') data.push(value)
    if (field === 'event') name = value
    if (field === 'error') name = 'error'
  }
  return events
}

function linesOf(text: string): PlainEvent[] {
  const lines = text.split(/\r\n|\n|\r/)
  return lines
    .map((data, index) => ({ name: '', data, isCut: index === lines.length - 1 }))
    .filter(({ data }) => data.trim() !== '')
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return asObject(JSON.parse(text)) as Record<string, unknown> | null
  } catch {
    return null
  }
}
