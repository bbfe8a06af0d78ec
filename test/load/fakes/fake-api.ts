import type { ServerResponse } from 'node:http'
import { type Answer, type Seen, sendJson, startStream } from '../fake-server.ts'
import { type Asked, countPrompt, type Progress, type Wire } from './wire.ts'

/** What a healthy answer consists of, for faults to leave out or change. */
export interface WireAnswer {
  readonly wire: Wire
  readonly asked: Asked
  readonly promptTokens: number
  /** A number of whole events with text, as bytes of the body. */
  tokens(count: number, text?: string): string
  /** The end of a stream of so many tokens. */
  ending(count: number, reason?: string, text?: string): string
  /** The whole of an answer that is not streamed. */
  body(count: number, reason?: string, text?: string): unknown
}

export type WireFault = (response: ServerResponse, answer: WireAnswer) => void

/** A server that speaks one API without fault, unless the requests for text are told to fail. */
export function fakeApi(wire: Wire, fault: (index: number) => WireFault | null = () => null): Answer {
  let textRequests = 0
  return (response, seen) => {
    const other = wire.also[seen.path]
    if (other) return sendJson(response, 200, other(seen))
    if (seen.path === '/health') return sendJson(response, 200, { status: 'ok' })
    if (!isForText(seen)) return sendJson(response, 404, { error: 'Not Found' })
    const answer = answerOf(wire, seen)
    const broken = fault(textRequests)
    textRequests += 1
    if (broken) broken(response, answer)
    else answerWell(response, answer)
  }
}

export function answerWell(response: ServerResponse, answer: WireAnswer): void {
  const { asked } = answer
  if (!asked.isStreaming) {
    sendJson(response, 200, answer.body(asked.tokens))
    return
  }
  startStream(response)
  response.write(answer.tokens(asked.tokens))
  response.end(answer.ending(asked.tokens))
}

function isForText({ path }: Seen): boolean {
  return ['/completion', '/api/generate', '/api/chat', '/generate', '/generate_stream'].includes(path)
}

function answerOf(wire: Wire, seen: Seen): WireAnswer {
  const asked = wire.asked(seen)
  const promptTokens = asked.countsPrompt === false ? 0 : countPrompt(asked.prompt)
  const at = (tokens: number, text: string): Progress => ({ promptTokens, tokens, text: text.repeat(tokens) })
  return {
    wire,
    asked,
    promptTokens,
    tokens: (count, text = 'word ') =>
      Array.from({ length: count }, (_, index) => wire.frame(wire.token(text, at(index + 1, text)))).join(''),
    ending: (count, reason = wire.reasons.length, text = 'word ') =>
      wire.ending(at(count, text), reason).map(wire.frame).join(''),
    body: (count, reason = wire.reasons.length, text = 'word ') => wire.body(at(count, text), reason),
  }
}
