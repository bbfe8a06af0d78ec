import type { ServerResponse } from 'node:http'
import type { Outcome } from '../../src/model/request.ts'
import { endWell, type Fault, type Pieces } from './fake-openai.ts'
import { event, sendJson, startStream } from './fake-server.ts'

/** A broken answer, and what must become of it. */
export interface FaultRow {
  readonly fault: string
  readonly outcome: Outcome
  /** What the detail must say to the person who reads it. */
  readonly detail: RegExp
  readonly answer: Fault
}

function startTokens(response: ServerResponse, pieces: Pieces, tokens: number): void {
  startStream(response)
  for (let token = 0; token < tokens; token += 1) response.write(event(pieces.content('word ')))
}

/** A whole end, and something behind it. */
function endAnd(response: ServerResponse, pieces: Pieces, more: string): void {
  response.write(event(pieces.content('', 'length')))
  response.end(event({ choices: [], usage: pieces.usage }) + event('[DONE]') + more)
}

export const half = (tokens: number): number => Math.floor(tokens / 2)

/** Faults that streams and whole answers share. */
export const bothWays: readonly FaultRow[] = [
  {
    fault: 'HTTP 500',
    outcome: 'http-error',
    detail: /HTTP 500.*out of memory/,
    answer: (response) => sendJson(response, 500, { error: { message: 'out of memory' } }),
  },
  {
    fault: 'HTTP 429 with an empty body',
    outcome: 'http-error',
    detail: /HTTP 429.*empty body/,
    answer: (response) => void response.writeHead(429).end(),
  },
  {
    fault: 'HTTP 200 with a body that is no JSON',
    outcome: 'malformed',
    detail: /<html>/,
    answer: (response) => void response.writeHead(200).end('<html>proxy page</html>'),
  },
  {
    fault: 'HTTP 200 with an error object as its body',
    outcome: 'stream-error',
    detail: /engine is dead/,
    answer: (response) => sendJson(response, 200, { error: { message: 'engine is dead' } }),
  },
  {
    fault: 'connection closed right after the headers',
    outcome: 'reset',
    detail: /./,
    answer: (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      response.socket?.destroy()
    },
  },
  {
    fault: 'body shorter than its content-length',
    outcome: 'reset',
    detail: /closed/,
    answer: (response) => {
      response.writeHead(200, { 'content-length': '5000' })
      response.write('{"choices": [')
      setTimeout(() => response.socket?.end(), 5)
    },
  },
]

/** Faults of streamed answers. */
export const streamFaults: readonly FaultRow[] = [
  ...bothWays,
  {
    fault: 'TCP close in the middle of the stream',
    outcome: 'reset',
    detail: /./,
    answer: (response, pieces) => {
      startTokens(response, pieces, half(pieces.tokens))
      setTimeout(() => response.socket?.destroy(), 5)
    },
  },
  {
    fault: 'body that ends half-way and cleanly',
    outcome: 'truncated',
    detail: /finish_reason/,
    answer: (response, pieces) => {
      startTokens(response, pieces, half(pieces.tokens))
      response.end()
    },
  },
  {
    fault: 'empty body',
    outcome: 'truncated',
    detail: /finish_reason/,
    answer: (response) => {
      startStream(response)
      response.end()
    },
  },
  {
    fault: 'error inside the stream, then [DONE]',
    outcome: 'stream-error',
    detail: /CUDA out of memory/,
    answer: (response, pieces) => {
      startTokens(response, pieces, half(pieces.tokens))
      response.write(event({ error: { message: 'CUDA out of memory', code: 500 } }))
      response.end(event('[DONE]'))
    },
  },
  {
    fault: 'error after every token and the usage were sent',
    outcome: 'stream-error',
    detail: /late failure/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      response.write(event({ error: 'late failure' }))
      endWell(response, pieces)
    },
  },
  {
    fault: 'event named error, in an otherwise whole answer',
    outcome: 'stream-error',
    detail: /scheduler died/,
    answer: (response, pieces) => {
      startStream(response)
      response.write(event(pieces.content('word ')))
      response.write('event: error\ndata: scheduler died\n\n')
      endWell(response, pieces)
    },
  },
  {
    fault: 'every text empty, usage says all tokens',
    outcome: 'no-text',
    detail: /no text/,
    answer: (response, pieces) => {
      startStream(response)
      for (let token = 0; token < pieces.tokens; token += 1) response.write(event(pieces.content('')))
      endWell(response, pieces)
    },
  },
  {
    fault: 'no text chunk at all',
    outcome: 'no-text',
    detail: /no text/,
    answer: (response, pieces) => {
      startStream(response)
      endWell(response, pieces)
    },
  },
  {
    fault: 'finish_reason but no [DONE]',
    outcome: 'truncated',
    detail: /\[DONE\]/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      response.write(event(pieces.content('', 'length')))
      response.end(event({ choices: [], usage: pieces.usage }))
    },
  },
  {
    fault: '[DONE] and usage but no finish_reason',
    outcome: 'truncated',
    detail: /finish_reason/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      response.write(event({ choices: [], usage: pieces.usage }))
      response.end(event('[DONE]'))
    },
  },
  {
    fault: 'half the tokens, finish reason "stop"',
    outcome: 'wrong-length',
    detail: /4 output tokens instead of 8/,
    answer: (response, pieces) => {
      startTokens(response, pieces, half(pieces.tokens))
      response.write(event(pieces.content('', 'stop')))
      response.write(event({ choices: [], usage: { ...pieces.usage, completion_tokens: half(pieces.tokens) } }))
      response.end(event('[DONE]'))
    },
  },
  {
    fault: 'finish reason "abort" with all tokens and [DONE]',
    outcome: 'stream-error',
    detail: /"abort"/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      response.write(event(pieces.content('', 'abort')))
      response.write(event({ choices: [], usage: pieces.usage }))
      response.end(event('[DONE]'))
    },
  },
  {
    fault: 'finish reason "abort", then "length"',
    outcome: 'stream-error',
    detail: /"abort"/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      response.write(event(pieces.content('', 'abort')))
      endWell(response, pieces)
    },
  },
  {
    fault: 'no usage',
    outcome: 'no-usage',
    detail: /how many tokens/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      response.write(event({ ...pieces.content('', 'length'), usage: null }))
      response.end(event('[DONE]'))
    },
  },
  {
    fault: 'an error without the word for it, as older servers send it',
    outcome: 'stream-error',
    detail: /KV cache is full/,
    answer: (response, pieces) => {
      startStream(response)
      response.write(event(pieces.content('word ')))
      response.write(event({ object: 'error', message: 'KV cache is full', type: 'BadRequestError', code: 400 }))
      endWell(response, pieces)
    },
  },
  {
    fault: 'an error after [DONE]',
    outcome: 'stream-error',
    detail: /too late/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      endAnd(response, pieces, event({ error: { message: 'too late' } }))
    },
  },
  {
    fault: 'text after [DONE]',
    outcome: 'malformed',
    detail: /after the end/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      endAnd(response, pieces, event(pieces.content('more ')))
    },
  },
  {
    fault: 'rubbish after [DONE]',
    outcome: 'malformed',
    detail: /rubbish/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      endAnd(response, pieces, event('rubbish'))
    },
  },
  {
    fault: 'cut in the middle of an event, cleanly',
    outcome: 'truncated',
    detail: /middle of an event/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      response.end(event(pieces.content('', 'length')).slice(0, -9))
    },
  },
  {
    fault: 'cut in the middle of [DONE], cleanly',
    outcome: 'truncated',
    detail: /middle of an event/,
    answer: (response, pieces) => {
      startTokens(response, pieces, pieces.tokens)
      response.write(event(pieces.content('', 'length')))
      response.end(`${event({ choices: [], usage: pieces.usage })}data: [DO`)
    },
  },
  {
    fault: 'an event that is no JSON, in an otherwise whole answer',
    outcome: 'malformed',
    detail: /choices/,
    answer: (response, pieces) => {
      startStream(response)
      response.write('data: {"choices": [{"te\n\n')
      endWell(response, pieces)
    },
  },
]
