/** How an answer ends once its tokens are written. */
export type Ending =
  /** Finish reason, usage, `[DONE]`. */
  | 'complete'
  /** The same without `[DONE]`. */
  | 'no-done'
  /** The body ends, cleanly, without any sign of completion. */
  | 'cut'
  /** The connection closes in the middle of the body. */
  | 'close'
  /** An error event, then `[DONE]`. */
  | 'error'
  /** Nothing more ever comes. */
  | 'stall'

/** What is written in answer to one request. */
export interface Script {
  readonly status: 200 | 500
  /** Tokens written, given how many were asked for. */
  readonly tokens: (asked: number) => number
  readonly finishReason: 'length' | 'stop'
  /** False: every text is empty. */
  readonly hasText: boolean
  readonly ending: Ending
}

export const soundScript: Script = {
  status: 200,
  tokens: (asked) => asked,
  finishReason: 'length',
  hasText: true,
  ending: 'complete',
}

const half = (asked: number): number => Math.ceil(asked / 2)
const stallAfter = 2

/** What can be wrong with an answer, by the name that `--fault` takes. */
export const faults = {
  'http-500': { ...soundScript, status: 500 },
  close: { ...soundScript, tokens: half, ending: 'close' },
  cut: { ...soundScript, tokens: half, ending: 'cut' },
  'no-done': { ...soundScript, ending: 'no-done' },
  'error-event': { ...soundScript, tokens: half, ending: 'error' },
  'empty-text': { ...soundScript, hasText: false },
  'no-text': { ...soundScript, tokens: () => 0 },
  'half-length': { ...soundScript, tokens: half, finishReason: 'stop' },
  'over-length': { ...soundScript, tokens: (asked: number) => asked + 1 },
  'slow-loris': { ...soundScript, tokens: (asked: number) => Math.min(asked, stallAfter), ending: 'stall' },
} as const satisfies Record<string, Script>

export type FaultName = keyof typeof faults

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faults, name)
}

/** Which requests get a faulty answer. Requests for text are counted from 1. */
export interface FaultPlan {
  readonly fault: FaultName | null
  /** 2: every second one. */
  readonly every: number
  /** The first requests are answered well, so that a client gets started. */
  readonly after: number
}

/** The fault of the request with this number; null: it is answered well. */
export function faultOf(number: number, { fault, every, after }: FaultPlan): FaultName | null {
  const counted = number - after
  return fault !== null && counted > 0 && counted % every === 0 ? fault : null
}
