import type { Socket } from 'node:net'
import { type AnswerForm, doneEvent, errorBody, type Usage } from './answer-form.ts'
import { monotonicMs } from './clock.ts'
import type { Script } from './faults.ts'
import { eventChunk, headWithLength, lastChunk, sendJson, streamHead } from './http-text.ts'
import type { LoggedRequest } from './log.ts'
import type { ReferenceOptions } from './options.ts'
import type { Task } from './schedule.ts'

/** What one answer is made of. */
export interface AnswerParts {
  readonly socket: Socket
  readonly form: AnswerForm
  readonly script: Script
  readonly entry: LoggedRequest
  readonly options: ReferenceOptions
  /** The stream tells counts at its end. */
  readonly wantsUsage: boolean
  readonly keepsAlive: boolean
  /** The connection is free for its next request. */
  readonly onDone: () => void
}

const tokenText = ' token'
const doneChunk = eventChunk(doneEvent)

/**
 * A streamed answer: the first token at arrival + TTFT, each later one a gap after the one before, all by the schedule
 * that was fixed on arrival. A late token makes none of the others late.
 */
export class StreamedAnswer implements Task {
  dueMs: number
  readonly #parts: AnswerParts
  readonly #tokens: number
  readonly #tokenChunk: Buffer
  /** What leaves together with the first token, when that is due at once. */
  #prefix = ''
  #written = 0

  constructor(parts: AnswerParts) {
    const { socket, form, script, entry, options, keepsAlive } = parts
    this.#parts = parts
    this.#tokens = script.tokens(entry.askedTokens)
    const text = script.hasText ? tokenText.repeat(options.tokensPerEvent) : ''
    this.#tokenChunk = Buffer.from(eventChunk(form.event(text, null)))
    const head = streamHead(keepsAlive) + (form.opening === null ? '' : eventChunk(form.opening))
    if (options.ttftMs > 0) socket.write(head)
    else this.#prefix = head
    this.dueMs = this.#dueOf(0)
  }

  run(): boolean {
    const { socket, options } = this.#parts
    if (socket.destroyed) return false
    while (this.#written < this.#tokens) {
      this.#write(Math.min(options.tokensPerEvent * options.eventsPerWrite, this.#tokens - this.#written))
      if (options.gapMs > 0) break
    }
    if (this.#written < this.#tokens) {
      this.dueMs = this.#dueOf(this.#written)
      return true
    }
    this.#end()
    return false
  }

  #write(tokens: number): void {
    const { socket, entry, options } = this.#parts
    const chunk = this.#chunkOf(tokens)
    // Without a gap there is no schedule to keep, and the end needs no write of its own.
    const end = options.gapMs === 0 && this.#written + tokens === this.#tokens ? this.#ending() : ''
    const nowMs = monotonicMs()
    entry.firstTokenMs ??= nowMs
    entry.lastTokenMs = nowMs
    socket.write(this.#prefix === '' && end === '' ? chunk : `${this.#prefix}${chunk}${end}`)
    this.#prefix = ''
    this.#written += tokens
    entry.tokens = this.#written
  }

  /** An event is due with the last of its tokens, but for the first one: that is what TTFT means. */
  #dueOf(written: number): number {
    const { entry, options } = this.#parts
    const { ttftMs, gapMs, tokensPerEvent } = options
    const last = Math.min(written + tokensPerEvent, this.#tokens) - 1
    return entry.arrivalMs + ttftMs + (written === 0 ? 0 : last * gapMs)
  }

  #chunkOf(tokens: number): Buffer | string {
    const { form, script, options } = this.#parts
    const isLast = this.#written + tokens === this.#tokens
    if (!isLast && tokens === options.tokensPerEvent) return this.#tokenChunk
    const chunks: string[] = []
    for (let left = tokens; left > 0; left -= options.tokensPerEvent) {
      const inEvent = Math.min(left, options.tokensPerEvent)
      const finishes = isLast && left === inEvent && hasFinish(script)
      const text = script.hasText ? tokenText.repeat(inEvent) : ''
      chunks.push(eventChunk(form.event(text, finishes ? script.finishReason : null)))
    }
    return chunks.join('')
  }

  #end(): void {
    const { socket, script, options, onDone } = this.#parts
    if (script.ending === 'stall') return
    if (script.ending === 'close') {
      socket.destroy()
      return
    }
    if (options.gapMs > 0 || this.#tokens === 0) socket.write(this.#prefix + this.#ending())
    onDone()
  }

  /** What comes after the last token. */
  #ending(): string {
    const { form, script, wantsUsage, entry } = this.#parts
    const usage = wantsUsage ? eventChunk(form.usageEvent(usageOf(entry, this.#tokens))) : ''
    switch (script.ending) {
      case 'complete':
        return usage + doneChunk + lastChunk
      case 'no-done':
        return usage + lastChunk
      case 'error':
        return eventChunk(errorBody) + doneChunk + lastChunk
      case 'cut':
        return lastChunk
      default:
        return ''
    }
  }
}

/** An answer in one piece, when its last token is due. */
export class WholeAnswer implements Task {
  readonly dueMs: number
  readonly #parts: AnswerParts
  readonly #tokens: number

  constructor(parts: AnswerParts) {
    const { entry, script, options } = parts
    this.#parts = parts
    this.#tokens = script.tokens(entry.askedTokens)
    this.dueMs = entry.arrivalMs + options.ttftMs + Math.max(0, this.#tokens - 1) * options.gapMs
  }

  run(): boolean {
    const { socket, form, script, entry, keepsAlive, onDone } = this.#parts
    if (socket.destroyed) return false
    const text = script.hasText ? tokenText.repeat(this.#tokens) : ''
    const body = form.body(text, hasFinish(script) ? script.finishReason : null, usageOf(entry, this.#tokens))
    const half = body.slice(0, body.length / 2)
    const nowMs = monotonicMs()
    entry.firstTokenMs = nowMs
    entry.lastTokenMs = nowMs
    entry.tokens = this.#tokens
    switch (script.ending) {
      case 'stall':
        return false
      case 'close':
        socket.write(headWithLength(200, body.length, keepsAlive) + half, () => socket.destroy())
        return false
      case 'cut':
        sendJson(socket, 200, half, keepsAlive)
        break
      case 'error':
        sendJson(socket, 200, errorBody, keepsAlive)
        break
      default:
        sendJson(socket, 200, body, keepsAlive)
    }
    onDone()
    return false
  }
}

function hasFinish(script: Script): boolean {
  return script.ending === 'complete' || script.ending === 'no-done'
}

/** A server without any text still claims to have written what was asked for. */
function usageOf({ promptTokens, askedTokens }: LoggedRequest, tokens: number): Usage {
  return { promptTokens, outputTokens: tokens === 0 ? askedTokens : tokens }
}
