import type { Token } from 'node-llama-cpp'
import type { Generation } from '../inference/generate.ts'
import type { LoadedModel } from '../inference/model.ts'
import { ApiError, invalidField } from './api-error.ts'
import type { JsonObject } from './http.ts'

/** What both completion endpoints read from a request. */
export interface GenerationRequest extends Generation {
  readonly stream: boolean
  readonly includeUsage: boolean
}

function readNumber(body: JsonObject, key: string, low: number, high: number): number | null {
  const value = body[key]
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && value >= low && value <= high) return value
  throw invalidField(key, `expected a number from ${low} to ${high}, got ${JSON.stringify(value)}`)
}

function readWhole(body: JsonObject, key: string, low: number, high: number): number | null {
  const value = readNumber(body, key, low, high)
  if (value === null || Number.isInteger(value)) return value
  throw invalidField(key, `expected a whole number from ${low} to ${high}, got ${value}`)
}

function readFlag(body: JsonObject, key: string): boolean {
  const value = body[key] ?? false
  if (typeof value === 'boolean') return value
  throw invalidField(key, `expected true or false, got ${JSON.stringify(value)}`)
}

function readObject(body: JsonObject, key: string): JsonObject {
  const value = body[key] ?? {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject
  throw invalidField(key, `expected an object, got ${JSON.stringify(value)}`)
}

function readLogitBias(body: JsonObject, vocabularySize: number): Map<Token, number> {
  const bias = readObject(body, 'logit_bias')
  const entries = Object.keys(bias).map((key): [Token, number] => {
    const token = Number(key)
    if (!/^\d+$/.test(key) || token >= vocabularySize) {
      throw invalidField('logit_bias', `token ids are whole numbers from 0 to ${vocabularySize - 1}, got ${key}`)
    }
    return [token as Token, readNumber(bias, key, -100, 100) ?? 0]
  })
  return new Map(entries)
}

/** Parameters that would change the answer and are not implemented: refused, never ignored. */
function refuseUnsupported(body: JsonObject): void {
  for (const key of ['n', 'best_of']) {
    if ((body[key] ?? 1) !== 1) throw invalidField(key, `only 1 is supported, got ${JSON.stringify(body[key])}`)
  }
  for (const key of ['stop', 'tools', 'response_format', 'logprobs', 'top_logprobs', 'suffix', 'echo']) {
    if ((body[key] ?? false) !== false) throw invalidField(key, 'is not supported by this engine')
  }
}

/** @throws ApiError 400 with both lengths and the limit when the request cannot fit. */
function checkLength(promptTokens: number, maxTokens: number, limit: number): void {
  if (promptTokens === 0) throw invalidField('prompt', 'is empty; at least one token is needed')
  if (promptTokens + maxTokens <= limit) return
  throw new ApiError(
    400,
    'context_length_exceeded',
    `This model's context is ${limit} tokens, but ${promptTokens + maxTokens} were asked for: ` +
      `${promptTokens} of the prompt plus max_tokens ${maxTokens}. Shorten the prompt or lower max_tokens.`,
    promptTokens >= limit ? 'prompt' : 'max_tokens',
  )
}

/**
 * Checks all fields besides the prompt itself.
 * @param defaultMaxTokens used when the request sets no limit; null: what the context has room for.
 * @throws ApiError 400 naming the field, its value and what is allowed.
 */
export function readGeneration(
  body: JsonObject,
  prompt: readonly Token[],
  loaded: LoadedModel,
  defaultMaxTokens: number | null,
): GenerationRequest {
  refuseUnsupported(body)
  const limit = loaded.contextSize
  const asked = readWhole(body, 'max_completion_tokens', 1, 1e9) ?? readWhole(body, 'max_tokens', 1, 1e9)
  const maxTokens = asked ?? defaultMaxTokens ?? Math.max(1, limit - prompt.length)
  checkLength(prompt.length, maxTokens, limit)
  return {
    prompt,
    maxTokens,
    minTokens: readWhole(body, 'min_tokens', 0, maxTokens) ?? 0,
    ignoreEos: readFlag(body, 'ignore_eos'),
    temperature: readNumber(body, 'temperature', 0, 2) ?? 1,
    topP: readNumber(body, 'top_p', 0, 1) ?? 1,
    seed: readWhole(body, 'seed', 0, 2 ** 32 - 1),
    logitBias: readLogitBias(body, loaded.vocabularySize),
    stream: readFlag(body, 'stream'),
    includeUsage: readFlag(readObject(body, 'stream_options'), 'include_usage'),
  }
}
