import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, event, type Seen, sendJson, startStream } from './fake-server.ts'

/** How a healthy fake server behaves. Its tokenizer splits at spaces; a word costs what `wordCost` says. */
export interface Behaviour {
  readonly wordCost?: (word: string) => number
  /** Tokens that a chat template or begin mark adds. */
  readonly overhead?: number
  /** Which POST /tokenize it has. */
  readonly tokenize?: 'vllm' | 'llama.cpp' | 'none'
  readonly takesTokenIds?: boolean
  readonly delayMs?: number
  /** Chooses another answer for a request that makes text; null: a healthy one. */
  readonly fault?: (index: number) => Fault | null
}

/** What a healthy answer consists of, for faults to leave out or change. */
export interface Pieces {
  readonly tokens: number
  readonly promptTokens: number
  readonly isChat: boolean
  readonly isStreaming: boolean
  /** One text in the shape of the API and of streaming or not. */
  content(text: string, finishReason?: string | null): Record<string, unknown>
  readonly usage: Record<string, unknown>
}

export type Fault = (response: ServerResponse, pieces: Pieces, seen: Seen) => void | Promise<void>

/** A fake of the two OpenAI APIs that does everything right, unless its behaviour says otherwise. */
export function fakeOpenAi(behaviour: Behaviour = {}): Answer {
  let textRequests = 0
  return async (response, seen) => {
    if (seen.path === '/v1/models') return sendJson(response, 200, { data: [{ id: 'fake/model' }] })
    if (seen.path === '/tokenize') return answerTokenize(response, seen, behaviour)
    if (behaviour.takesTokenIds === false && Array.isArray(seen.body.prompt)) {
      return sendJson(response, 400, { error: { message: 'prompt must be a string' } })
    }
    const fault = behaviour.fault?.(textRequests) ?? null
    textRequests += 1
    if (behaviour.delayMs) await sleep(behaviour.delayMs)
    await (fault ?? answerWell)(response, piecesOf(seen, behaviour), seen)
  }
}

export async function answerWell(response: ServerResponse, pieces: Pieces): Promise<void> {
  if (!pieces.isStreaming) {
    sendJson(response, 200, { ...pieces.content('word '.repeat(pieces.tokens), 'length'), usage: pieces.usage })
    return
  }
  startStream(response)
  for (let token = 0; token < pieces.tokens; token += 1) response.write(event(pieces.content('word ')))
  endWell(response, pieces)
}

export function endWell(response: ServerResponse, pieces: Pieces): void {
  response.write(event(pieces.content('', 'length')))
  response.write(event({ choices: [], usage: pieces.usage }))
  response.end(event('[DONE]'))
}

export function countTokens(prompt: unknown, { wordCost = () => 1, overhead = 0 }: Behaviour): number {
  if (Array.isArray(prompt)) return prompt.length + overhead
  const list = String(prompt)
    .split(' ')
    .filter((word) => word !== '')
  return list.reduce((sum, word) => sum + wordCost(word), 0) + overhead
}

function piecesOf({ path, body }: Seen, behaviour: Behaviour): Pieces {
  const isChat = path.endsWith('/chat/completions')
  const isStreaming = body.stream === true
  const messages = body.messages as { content: string }[] | undefined
  const promptTokens = countTokens(isChat ? messages?.[0]?.content : body.prompt, behaviour)
  const tokens = Number(body.max_tokens)
  return {
    tokens,
    promptTokens,
    isChat,
    isStreaming,
    content(text, finishReason = null) {
      const message = { role: 'assistant', content: text }
      const choice = isChat ? (isStreaming ? { delta: { content: text } } : { message }) : { text }
      return { choices: [{ index: 0, ...choice, finish_reason: finishReason }] }
    },
    usage: { prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens },
  }
}

/** Ids of this tokenizer: a number for each word, repeated for what the word costs. */
function answerTokenize(response: ServerResponse, { body }: Seen, behaviour: Behaviour): void {
  const kind = behaviour.tokenize ?? 'vllm'
  const text = kind === 'vllm' ? body.prompt : body.content
  if (kind === 'none' || text === undefined) {
    // llama.cpp finds no content and answers with no tokens; the others refuse.
    sendJson(response, kind === 'llama.cpp' ? 200 : 404, { tokens: [] })
    return
  }
  const isMarked = (kind === 'vllm' ? body.add_special_tokens : body.add_special) === true
  const pieces = String(text).match(/\n\n|\S+/g) ?? []
  const ids = pieces.flatMap((piece) => {
    if (piece === '\n\n') return [99]
    const id = 1000 + ([...piece].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 30_000)
    return Array.from({ length: behaviour.wordCost?.(piece) ?? 1 }, () => id)
  })
  const marks = isMarked ? Array.from({ length: behaviour.overhead ?? 0 }, () => 1) : []
  sendJson(response, 200, { tokens: [...marks, ...ids] })
}
