import { type JudgedAnswer, judgeAnswer } from '../../src/load/answer/judge-answer.ts'
import { Body } from '../../src/load/http/body.ts'
import type { Capture } from '../../src/load/http/capture.ts'
import type { Outcome } from '../../src/model/request.ts'
import { type Random, seededRandom } from '../../src/stats/random.ts'
import { mutate, noise } from './mutations.ts'
import { type Facts, gaveUp, readPlainly } from './reference.ts'
import { makeSample, pick, type Sample, type Subject, subjects, whole } from './samples.ts'

/** What is wrong with the reader, or null. */
export type Failure = string | null

type Case = (random: Random) => Failure

const cases: readonly Case[] = [wholeAnswer, cutAnswer, mutatedAnswer, mutatedAnswer, mutatedAnswer, noiseAnswer]

/** One case: everything in it follows from the two numbers. */
export function runCase(seed: number, index: number): Failure {
  const random = seededRandom(seed * 0x1_0000_01 + index * 0x9e3779b1)
  random()
  try {
    return pick(cases, random)(random)
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`
  }
}

/** A healthy answer is the same however it is cut into packets, and each token is stamped by the packet that completes it. */
function wholeAnswer(random: Random): Failure {
  const sample = makeSample(random)
  const { bytes, texts, completedBy, endedBy, promptTokens, outputTokens, streaming, subject } = sample
  const cuts = makeCuts(bytes.length, random)
  const packetOf = (byte: number): number => cuts.filter((cut) => cut <= byte).length
  const { judged, text } = read(bytes, cuts, sample)
  const { answer } = judged
  const first = completedBy[0]
  const expected = {
    outcome: 'ok',
    text: texts.join(''),
    chunks: completedBy.length,
    outputTokens,
    promptTokens: subject.wire.type === 'tgi' && !streaming && promptTokens === 0 ? null : promptTokens,
    firstTokenMs: first === undefined ? null : packetOf(first),
    lastTokenMs: first === undefined ? null : packetOf(completedBy.at(-1) ?? 0),
    endMs: streaming ? packetOf(endedBy) : cuts.length,
  }
  return difference(expected, { ...answer, outcome: judged.outcome, text }, sample)
}

/** An answer of which the end is missing is a success only if nothing that matters is missing. */
function cutAnswer(random: Random): Failure {
  const sample = makeSample(random)
  const length = whole(sample.bytes.length + 1, random)
  const bytes = sample.bytes.subarray(0, length)
  const { judged } = read(bytes, makeCuts(length, random), sample)
  const isComplete = length >= sample.neededBytes
  if ((judged.outcome === 'ok') === isComplete) return null
  return `${describe(sample)}: ${length} of ${sample.neededBytes} needed bytes are ${judged.outcome} (${judged.detail})`
}

/** A damaged answer is read as the plain reader reads it, however it is cut. */
function mutatedAnswer(random: Random): Failure {
  const sample = makeSample(random)
  return compare(mutate(sample.bytes, random), sample, random)
}

function noiseAnswer(random: Random): Failure {
  const request = { subject: pick(subjects, random), streaming: random() < 0.8, outputTokens: 3 }
  return compare(noise(random), request, random)
}

type Request = Pick<Sample, 'subject' | 'streaming' | 'outputTokens'>

function compare(bytes: Buffer, request: Request, random: Random): Failure {
  const facts = readPlainly(bytes, request.subject, request.streaming)
  const { judged, text } = read(bytes, makeCuts(bytes.length, random), request)
  const { answer, outcome } = judged
  const seen = { ...answer, text, outcome, hasError: answer.error !== null, isMalformed: answer.malformed !== null }
  const expected = { ...facts, outcome: expectedOutcome(facts, request) }
  return difference(expected, seen, request, bytes) ?? disorder(judged, request, bytes)
}

function expectedOutcome(facts: Facts, { subject, streaming, outputTokens }: Request): Outcome {
  if (facts.hasError) return 'stream-error'
  if (facts.isMalformed) return 'malformed'
  if (facts.finishReason !== null && gaveUp.includes(facts.finishReason)) return 'stream-error'
  if (facts.isCut || subject.api.missingEnd(facts, streaming, subject.config) !== null) return 'truncated'
  if (facts.text === '') return 'no-text'
  if (facts.outputTokens === null) return 'no-usage'
  return facts.outputTokens === outputTokens ? 'ok' : 'wrong-length'
}

/** Times that cannot be, or a success that cannot be one. */
function disorder({ answer, outcome }: JudgedAnswer, request: Request, bytes: Buffer): Failure {
  const { firstTokenMs, lastTokenMs, endMs, chunks } = answer
  const times = [firstTokenMs, lastTokenMs, endMs].filter((time) => time !== null)
  const isOrdered = times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))
  const isSound = outcome !== 'ok' || (answer.outputTokens === request.outputTokens && endMs !== null)
  const hasTimes = chunks === 0 || (firstTokenMs !== null && lastTokenMs !== null)
  if (isOrdered && isSound && hasTimes) return null
  return `${describe(request)}: ${outcome} with ${JSON.stringify(answer)}\n${JSON.stringify(bytes.toString('latin1'))}`
}

function read(bytes: Buffer, cuts: readonly number[], request: Request): { judged: JudgedAnswer; text: string } {
  const { api, config } = request.subject
  const { streaming, outputTokens } = request
  let text = ''
  const onText = (part: string): void => {
    text = streaming && api.repeatsText ? part : text + part
  }
  const judged = judgeAnswer(captureOf(bytes, cuts), { api, config, streaming, outputTokens, onText })
  return { judged, text }
}

/** Packet n arrives at n milliseconds. */
function captureOf(bytes: Buffer, cuts: readonly number[]): Capture {
  const places = [0, ...cuts, bytes.length]
  const packets = places.slice(1).map((end, packet) => ({ atMs: packet, bytes: bytes.subarray(places[packet], end) }))
  const settledMs = packets.length
  return { scheduledMs: 0, sentMs: 0, firstByteMs: 0, settledMs, status: 200, body: Body.of(packets), failure: null }
}

function makeCuts(length: number, random: Random): number[] {
  const count = pick([0, 1, 3, 20, length], random)
  return Array.from({ length: Math.min(count, 200) }, () => whole(length + 1, random)).sort((a, b) => a - b)
}

function difference(
  expected: Readonly<Record<string, unknown>>,
  seen: object,
  request: Request,
  bytes?: Buffer,
): Failure {
  const values = seen as Readonly<Record<string, unknown>>
  const wrong = Object.keys(expected).filter((key) => !Object.is(expected[key], values[key]))
  if (wrong.length === 0) return null
  const parts = wrong.map((key) => `${key} ${JSON.stringify(values[key])} instead of ${JSON.stringify(expected[key])}`)
  const body = bytes ? `\n${JSON.stringify(bytes.toString('latin1'))}` : ''
  return `${describe(request)}: ${parts.join(', ')}${body}`
}

function describe({ subject, streaming }: { subject: Subject; streaming: boolean }): string {
  return `${subject.name}, streaming ${streaming}`
}
