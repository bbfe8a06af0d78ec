import { countTokens } from './vocabulary.ts'

/** A request for text, as far as the reference server heeds it. */
export interface GenerationRequest {
  readonly isChat: boolean
  readonly streaming: boolean
  readonly wantsUsage: boolean
  /** Text, token ids, or nothing that could be a prompt. */
  readonly prompt: unknown
  readonly promptTokens: number
  readonly tokens: number
}

const defaultTokens = 16

/** Reads the body of a request; null when it is not a JSON object with a prompt. */
export function parseGeneration(path: string, body: Buffer): GenerationRequest | null {
  const value = parseObject(body)
  if (value === null) return null
  const isChat = path.startsWith('/v1/chat/')
  const prompt = isChat ? lastContent(value.messages) : value.prompt
  if (typeof prompt !== 'string' && !Array.isArray(prompt)) return null
  const tokens = Number(value.max_tokens ?? value.max_completion_tokens ?? defaultTokens)
  if (!Number.isSafeInteger(tokens) || tokens < 1) return null
  const streamOptions = value.stream_options as { include_usage?: unknown } | null | undefined
  return {
    isChat,
    streaming: value.stream === true,
    wantsUsage: streamOptions?.include_usage === true,
    prompt,
    promptTokens: countTokens(prompt),
    tokens,
  }
}

export function parseObject(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

function lastContent(messages: unknown): unknown {
  if (!Array.isArray(messages)) return undefined
  const content = (messages.at(-1) as { content?: unknown } | undefined)?.content
  if (!Array.isArray(content)) return content
  return content.map((part: { text?: unknown }) => (typeof part?.text === 'string' ? part.text : '')).join('')
}
