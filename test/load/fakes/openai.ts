import { type Progress, sse, type Wire } from './wire.ts'

/** Where an OpenAI server says how many tokens there were. */
export type UsagePlace = 'own event' | 'last choice' | 'every event'

/** The two OpenAI APIs, streamed as vLLM does it, with the usage where other servers put it. */
export function openAiWire(type: 'openai-completions' | 'openai-chat', usagePlace: UsagePlace): Wire {
  const isChat = type === 'openai-chat'
  const event = (text: string, finishReason: string | null, usage: object | null): object => ({
    id: 'cmpl-7f3e',
    object: isChat ? 'chat.completion.chunk' : 'text_completion',
    created: 1_790_000_000,
    model: 'fake/model',
    choices: [
      { index: 0, ...(isChat ? { delta: { content: text } } : { text }), logprobs: null, finish_reason: finishReason },
    ],
    usage,
  })
  return {
    type,
    frame: sse(),
    asked: ({ body }) => ({
      tokens: Number(body.max_tokens),
      prompt: body.prompt ?? body.messages,
      isStreaming: body.stream === true,
    }),
    token: (text, progress) => event(text, null, usagePlace === 'every event' ? usageOf(progress) : null),
    ending: (progress, reason) => [
      event('', reason, usagePlace === 'own event' ? null : usageOf(progress)),
      ...(usagePlace === 'own event' ? [{ choices: [], usage: usageOf(progress) }] : []),
      '[DONE]',
    ],
    body: (progress, reason) => ({
      choices: [
        {
          index: 0,
          ...(isChat ? { message: { role: 'assistant', content: progress.text } } : { text: progress.text }),
          finish_reason: reason,
        },
      ],
      usage: usageOf(progress),
    }),
    error: (message) => ({ error: { message, type: 'InternalServerError', code: 500 } }),
    reasons: { length: 'length', natural: 'stop', gaveUp: 'abort' },
    endSign: /finish_reason|\[DONE\]/,
    also: { '/v1/models': () => ({ data: [{ id: 'fake/model' }] }) },
  }
}

function usageOf({ promptTokens, tokens }: Progress): object {
  return { prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens }
}
