/** Counts that a server reports of one answer. */
export interface Usage {
  readonly promptTokens: number
  readonly outputTokens: number
}

/** How one of the two APIs writes an answer, as JSON texts. */
export interface AnswerForm {
  /** Sent at once, before there is any text; null where the API has no such event. */
  readonly opening: string | null
  /** One event of a stream. */
  event(text: string, finishReason: string | null): string
  usageEvent(usage: Usage): string
  /** A whole answer. */
  body(text: string, finishReason: string | null, usage: Usage): string
}

export const doneEvent = '[DONE]'
export const errorBody =
  '{"error":{"message":"the reference server was asked to fail","type":"server_error","code":500}}'

export function completionForm(id: string, model: string): AnswerForm {
  const head = `{"id":"${id}","object":"text_completion","created":0,"model":${JSON.stringify(model)}`
  const choice = (text: string, finishReason: string | null): string =>
    `${head},"choices":[{"index":0,"text":${JSON.stringify(text)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}]`
  return {
    opening: null,
    event: (text, finishReason) => `${choice(text, finishReason)}}`,
    usageEvent: (usage) => `${head},"choices":[],${usageOf(usage)}}`,
    body: (text, finishReason, usage) => `${choice(text, finishReason)},${usageOf(usage)}}`,
  }
}

export function chatForm(id: string, model: string): AnswerForm {
  const head = (object: string): string =>
    `{"id":"${id}","object":"${object}","created":0,"model":${JSON.stringify(model)}`
  const chunk = head('chat.completion.chunk')
  const event = (delta: Record<string, string>, finishReason: string | null): string =>
    `${chunk},"choices":[{"index":0,"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}]}`
  return {
    opening: event({ role: 'assistant', content: '' }, null),
    event: (content, finishReason) => event({ content }, finishReason),
    usageEvent: (usage) => `${chunk},"choices":[],${usageOf(usage)}}`,
    body: (content, finishReason, usage) =>
      `${head('chat.completion')},"choices":[{"index":0,"message":${JSON.stringify({ role: 'assistant', content })},"finish_reason":${JSON.stringify(finishReason)}}],${usageOf(usage)}}`,
  }
}

function usageOf({ promptTokens, outputTokens }: Usage): string {
  return `"usage":{"prompt_tokens":${promptTokens},"completion_tokens":${outputTokens},"total_tokens":${promptTokens + outputTokens}}`
}
