import { sendJson } from './fake-server.ts'
import { bothWays, type FaultRow, half } from './fault-rows.ts'

/** Faults of whole answers. */
export const bodyFaults: readonly FaultRow[] = [
  ...bothWays,
  {
    fault: 'empty text, usage says all tokens',
    outcome: 'no-text',
    detail: /no text/,
    answer: (response, pieces) => sendJson(response, 200, { ...pieces.content('', 'length'), usage: pieces.usage }),
  },
  {
    fault: 'no choices',
    outcome: 'truncated',
    detail: /finish_reason/,
    answer: (response, pieces) => sendJson(response, 200, { choices: [], usage: pieces.usage }),
  },
  {
    fault: 'no finish_reason',
    outcome: 'truncated',
    detail: /finish_reason/,
    answer: (response, pieces) => sendJson(response, 200, { ...pieces.content('word'), usage: pieces.usage }),
  },
  {
    fault: 'half the tokens, finish reason "stop"',
    outcome: 'wrong-length',
    detail: /4 output tokens instead of 8/,
    answer: (response, pieces) => {
      const usage = { ...pieces.usage, completion_tokens: half(pieces.tokens) }
      sendJson(response, 200, { ...pieces.content('word word', 'stop'), usage })
    },
  },
  {
    fault: 'twice the tokens',
    outcome: 'wrong-length',
    detail: /16 output tokens instead of 8/,
    answer: (response, pieces) => {
      const usage = { ...pieces.usage, completion_tokens: 2 * pieces.tokens }
      sendJson(response, 200, { ...pieces.content('word word', 'length'), usage })
    },
  },
  {
    fault: 'finish reason "abort"',
    outcome: 'stream-error',
    detail: /"abort"/,
    answer: (response, pieces) => sendJson(response, 200, { ...pieces.content('word', 'abort'), usage: pieces.usage }),
  },
  {
    fault: 'a token count that is no whole number',
    outcome: 'no-usage',
    detail: /how many tokens/,
    answer: (response, pieces) =>
      sendJson(response, 200, { ...pieces.content('word', 'length'), usage: { completion_tokens: 7.5 } }),
  },
  {
    fault: 'body cut in the middle of its JSON, cleanly',
    outcome: 'malformed',
    detail: /not a JSON object/,
    answer: (response) => void response.writeHead(200, { connection: 'close' }).end('{"choices": [{"text": "wo'),
  },
  {
    fault: 'empty body',
    outcome: 'malformed',
    detail: /empty/,
    answer: (response) => void response.writeHead(200).end(),
  },
]
