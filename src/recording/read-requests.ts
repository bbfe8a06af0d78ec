import { createReadStream } from 'node:fs'
import type { RunFile } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import { checked, parseJson, refusal, unreadable } from './refusal.ts'
import { requestCheck } from './request-check.ts'
import { requestRecordSchema } from './schema.ts'

/** Taken from the file at once: no text of more than this is ever held, however large the file. */
const blockBytes = 2 ** 20
/** No request of ours comes near this; a file without line ends must not be gathered in memory. */
const mostLineBytes = 2 ** 20
const lineEnd = '\n'

/**
 * The requests of a recording that belong to trials of its run.json, in the order of the file. Every line is checked,
 * whichever trial it belongs to, but for an unfinished last one: it was in flight when the writer died.
 *
 * @throws ActionError `usage` that names file and line
 */
export async function readRequests(path: string, { trials, plan }: RunFile): Promise<RequestRecord[]> {
  const names = new Set(trials.map(({ id }) => id))
  const isSurelyRight = requestCheck({ trials: names, scenarios: new Set(plan.scenarios.map(({ name }) => name)) })
  const requests: RequestRecord[] = []
  let unfinished = Buffer.alloc(0)
  let number = 0
  const where = () => `${path}:${number}`
  for await (const block of blocksOf(path)) {
    // The byte of a line end is never part of another character: what ends with it can be decoded.
    const bytes = Buffer.concat([unfinished, block])
    const end = bytes.lastIndexOf(lineEnd)
    unfinished = bytes.subarray(end + 1)
    for (const line of end < 0 ? [] : bytes.toString('utf8', 0, end).split(lineEnd)) {
      number += 1
      const value = parseJson(line, where)
      const request = isSurelyRight(value) ? value : checked(requestRecordSchema, value, where)
      if (names.has(request.trial)) requests.push(request)
    }
    if (unfinished.length > mostLineBytes) {
      throw refusal(`${path}:${number + 1}: the line is longer than ${mostLineBytes} bytes.`)
    }
  }
  const last = requestRecordSchema.safeParse(jsonOrNothing(unfinished.toString()))
  if (last.success && names.has(last.data.trial)) requests.push(last.data)
  return requests
}

async function* blocksOf(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const block of createReadStream(path, { highWaterMark: blockBytes })) yield block as Buffer
  } catch (error) {
    throw unreadable(path, error)
  }
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
