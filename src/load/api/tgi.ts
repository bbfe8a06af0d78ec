import type { Api, Ask, HttpRequest, Part } from './api.ts'
import { answerError, asCount, asObject, asText } from './json.ts'
import { postJson } from './request-body.ts'

/**
 * Text Generation Inference's own POST /generate and /generate_stream: one token an event, the last one with `details`;
 * there is no `[DONE]`. There is no switch against the end-of-text token, so an answer that ends early is a failure here
 * (wrong-length).
 * Fields: https://huggingface.github.io/text-generation-inference
 */
export const tgi: Api = {
  modelList: null,
  takesTokenIds: false,
  takesMessages: false,
  mayTokenize: true,
  forcesLength: false,
  repeatsText: false,
  streamFormat: () => 'sse',
  countSource: () => 'usage',
  request,
  // Any of these makes it draw, even with do_sample false.
  greedyBody: () => ({
    parameters: { do_sample: false, temperature: null, top_k: null, top_p: null, typical_p: null },
  }),
  read,
  missingEnd: (signs) => (signs.finishReason === null ? 'details.finish_reason' : null),
}

function request({ config, prompt, outputTokens, streaming, wantsPromptCount }: Ask): HttpRequest {
  const parameters = {
    max_new_tokens: outputTokens,
    do_sample: false,
    details: true,
    // The only way to a prompt count without streaming; it has the server rate each token of the prompt.
    ...(wantsPromptCount && !streaming ? { decoder_input_details: true } : {}),
  }
  return postJson(streaming ? '/generate_stream' : '/generate', { inputs: prompt, parameters }, config.extraBody)
}

function read(value: Readonly<Record<string, unknown>>): Part {
  const token = asObject(value.token)
  const details = asObject(value.details)
  const prefill = Array.isArray(details?.prefill) && details.prefill.length > 0 ? details.prefill.length : null
  return {
    // Of a special token (the end of the text) nobody sees the text; `generated_text` repeats what was streamed.
    text: token ? (token.special === true ? '' : asText(token.text)) : asText(value.generated_text),
    finishReason: asText(details?.finish_reason) || null,
    isDone: token !== null && details !== null,
    error: answerError(value),
    promptTokens: asCount(details?.input_length) ?? prefill,
    outputTokens: asCount(details?.generated_tokens),
    cachedTokens: null,
  }
}
