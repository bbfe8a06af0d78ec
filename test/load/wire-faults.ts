import type { ServerResponse } from 'node:http'
import type { Outcome } from '../../src/model/request.ts'
import { sendJson, startStream } from './fake-server.ts'
import type { WireFault } from './fakes/fake-api.ts'
import type { Wire } from './fakes/wire.ts'

/** A broken answer of any API, and what must become of it. */
export interface WireFaultRow {
  readonly fault: string
  readonly outcome: Outcome
  readonly detail: RegExp
  readonly answer: WireFault
  /** Left out where the API cannot fail like this. */
  readonly appliesTo?: (wire: Wire) => boolean
}

function stream(response: ServerResponse, ...parts: readonly string[]): void {
  startStream(response)
  response.end(parts.join(''))
}

const isSse = ({ frame }: Wire): boolean => frame('').startsWith('data:')
const endsWithMarker = ({ type }: Wire): boolean => type === 'sglang'

export const bothWays: readonly WireFaultRow[] = [
  {
    fault: 'HTTP 503',
    outcome: 'http-error',
    detail: /HTTP 503.*queue is full/,
    answer: (response, { wire }) => sendJson(response, 503, wire.error('queue is full')),
  },
  {
    fault: 'HTTP 200 with an error as its body',
    outcome: 'stream-error',
    detail: /engine is dead/,
    answer: (response, { wire }) => sendJson(response, 200, wire.error('engine is dead')),
  },
  {
    fault: 'HTTP 200 with the page of a proxy',
    outcome: 'malformed',
    detail: /<html>/,
    answer: (response) => void response.writeHead(200).end('<html>gateway</html>'),
  },
  {
    fault: 'connection closed right after the headers',
    outcome: 'reset',
    detail: /./,
    answer: (response) => {
      startStream(response)
      response.flushHeaders()
      response.socket?.destroy()
    },
  },
]

export const wireStreamFaults: readonly WireFaultRow[] = [
  ...bothWays,
  {
    fault: 'connection closed in the middle',
    outcome: 'reset',
    detail: /./,
    answer: (response, { tokens, asked }) => {
      startStream(response)
      response.write(tokens(asked.tokens / 2))
      setTimeout(() => response.socket?.destroy(), 5)
    },
  },
  {
    fault: 'body that ends half-way and cleanly',
    outcome: 'truncated',
    detail: /ended without/,
    answer: (response, { tokens, asked }) => stream(response, tokens(asked.tokens / 2)),
  },
  {
    fault: 'every token, but no end',
    outcome: 'truncated',
    detail: /ended without/,
    answer: (response, { tokens, asked }) => stream(response, tokens(asked.tokens)),
  },
  {
    fault: 'cut in the middle of an event',
    outcome: 'truncated',
    detail: /middle of an event/,
    answer: (response, { tokens, asked }) => stream(response, tokens(asked.tokens).slice(0, -9)),
  },
  {
    fault: 'cut in the middle of the last event',
    outcome: 'truncated',
    detail: /middle of an event/,
    appliesTo: (wire) => !endsWithMarker(wire),
    answer: (response, { tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens), ending(asked.tokens).slice(0, -9)),
  },
  {
    fault: 'finish reason but no [DONE]',
    outcome: 'truncated',
    detail: /\[DONE\]/,
    appliesTo: endsWithMarker,
    answer: (response, { tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens), ending(asked.tokens).replace('data: [DONE]\n\n', '')),
  },
  {
    fault: 'empty body',
    outcome: 'truncated',
    detail: /ended without/,
    answer: (response) => stream(response),
  },
  {
    fault: 'error half-way, then a healthy end',
    outcome: 'stream-error',
    detail: /CUDA out of memory/,
    answer: (response, { wire, tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens / 2), wire.frame(wire.error('CUDA out of memory')), ending(asked.tokens)),
  },
  {
    fault: 'error after a healthy end',
    outcome: 'stream-error',
    detail: /late failure/,
    answer: (response, { wire, tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens), ending(asked.tokens), wire.frame(wire.error('late failure'))),
  },
  {
    fault: 'event named error',
    outcome: 'stream-error',
    detail: /scheduler died/,
    appliesTo: isSse,
    answer: (response, { tokens, ending, asked }) =>
      stream(response, 'event: error\ndata: scheduler died\n\n', tokens(asked.tokens), ending(asked.tokens)),
  },
  {
    fault: 'error in a field of its own, as older builds of llama-server send it',
    outcome: 'stream-error',
    detail: /context size/,
    appliesTo: isSse,
    answer: (response, { tokens, ending, asked }) =>
      stream(
        response,
        tokens(asked.tokens),
        'error: {"code":400,"message":"exceeds the context size"}\n\n',
        ending(asked.tokens),
      ),
  },
  {
    fault: 'every text empty, counts say all tokens',
    outcome: 'no-text',
    detail: /no text/,
    answer: (response, { tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens, ''), ending(asked.tokens, undefined, '')),
  },
  {
    fault: 'nothing but the end',
    outcome: 'no-text',
    detail: /no text/,
    answer: (response, { ending, asked }) => stream(response, ending(asked.tokens, undefined, '')),
  },
  {
    fault: 'half the tokens, since the model had said everything',
    outcome: 'wrong-length',
    detail: /4 output tokens instead of 8/,
    answer: (response, { wire, tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens / 2), ending(asked.tokens / 2, wire.reasons.natural)),
  },
  {
    fault: 'one token too many',
    outcome: 'wrong-length',
    detail: /9 output tokens instead of 8/,
    answer: (response, { tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens + 1), ending(asked.tokens + 1)),
  },
  {
    fault: 'every token, but the server gave up',
    outcome: 'stream-error',
    detail: /Abort in waiting queue/,
    appliesTo: ({ reasons }) => reasons.gaveUp !== null,
    answer: (response, { wire, tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens), ending(asked.tokens, wire.reasons.gaveUp ?? '')),
  },
  {
    fault: 'an event that is no JSON, in an otherwise whole answer',
    outcome: 'malformed',
    detail: /half an/,
    answer: (response, { wire, tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens), wire.frame('{"text": "half an'), ending(asked.tokens)),
  },
  {
    fault: 'text after the end',
    outcome: 'malformed',
    detail: /after the end/,
    answer: (response, { tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens), ending(asked.tokens), tokens(asked.tokens, 'more ').slice(0, 4000)),
  },
  {
    fault: 'rubbish after the end',
    outcome: 'malformed',
    detail: /rubbish/,
    answer: (response, { wire, tokens, ending, asked }) =>
      stream(response, tokens(asked.tokens), ending(asked.tokens), wire.frame('rubbish')),
  },
]

export const wireBodyFaults: readonly WireFaultRow[] = [
  ...bothWays,
  {
    fault: 'no text, counts say all tokens',
    outcome: 'no-text',
    detail: /no text/,
    answer: (response, { body, asked }) => sendJson(response, 200, body(asked.tokens, undefined, '')),
  },
  {
    fault: 'half the tokens',
    outcome: 'wrong-length',
    detail: /4 output tokens instead of 8/,
    answer: (response, { wire, body, asked }) => sendJson(response, 200, body(asked.tokens / 2, wire.reasons.natural)),
  },
  {
    fault: 'twice the tokens',
    outcome: 'wrong-length',
    detail: /16 output tokens instead of 8/,
    answer: (response, { body, asked }) => sendJson(response, 200, body(asked.tokens * 2)),
  },
  {
    fault: 'a token count that is no whole number',
    outcome: 'no-usage',
    detail: /how many tokens/,
    answer: (response, { body, asked }) => {
      const text = JSON.stringify(body(asked.tokens)).replace(
        /("(?:tokens_predicted|eval_count|generated_tokens|completion_tokens)":)\d+/,
        '$17.5',
      )
      response.writeHead(200).end(text)
    },
  },
  {
    fault: 'an event of a stream in place of the whole answer',
    outcome: 'truncated',
    detail: /ended without/,
    answer: (response, { wire, promptTokens, asked }) =>
      sendJson(response, 200, wire.token('word ', { promptTokens, tokens: asked.tokens, text: 'word ' })),
  },
  {
    fault: 'body cut in the middle of its JSON, cleanly',
    outcome: 'malformed',
    detail: /not a JSON object/,
    answer: (response, { body, asked }) =>
      void response.writeHead(200, { connection: 'close' }).end(JSON.stringify(body(asked.tokens)).slice(0, -5)),
  },
  {
    fault: 'the server gave up',
    outcome: 'stream-error',
    detail: /Abort in waiting queue/,
    appliesTo: ({ reasons }) => reasons.gaveUp !== null,
    answer: (response, { wire, body, asked }) => sendJson(response, 200, body(asked.tokens, wire.reasons.gaveUp ?? '')),
  },
]
