/** What a peer shall run: one closed loop against an OpenAI-compatible server. */
export interface PeerCell {
  /** `http://127.0.0.1:9100` */
  readonly origin: string
  readonly api: 'openai-completions' | 'openai-chat'
  readonly model: string
  readonly promptTokens: number
  readonly outputTokens: number
  readonly concurrency: number
  readonly requests: number
  readonly streaming: boolean
  /** Deadline of one request, as far as the tool has one. */
  readonly requestTimeoutSeconds: number
  /** After this time the peer and all that it started are ended. */
  readonly timeLimitSeconds: number
}

/** Milliseconds; null where the tool reports none. */
export interface Spread {
  readonly mean: number | null
  readonly median: number | null
  readonly p99: number | null
}

export const noSpread: Spread = { mean: null, median: null, p99: null }

/** What a tool says that it counted and measured, in our words and units. */
export interface PeerFigures {
  readonly successes: number | null
  readonly failures: number | null
  readonly ttftMs: Spread
  readonly tpotMs: Spread
  readonly e2eMs: Spread
  readonly requestsPerSecond: number | null
}

/** One run of a peer. */
export interface PeerRun extends PeerFigures {
  readonly peer: string
  /** Null: it was ended at the time limit. */
  readonly exitCode: number | null
  /** User and system time of the whole process tree, start-up included; null when it was ended. */
  readonly cpuSeconds: number | null
  /** Largest memory of the process tree, shared pages split between its processes (PSS); null off Linux. */
  readonly memoryPeakMiB: number | null
  readonly wallSeconds: number
  /** Last lines of its output, to see why it failed. */
  readonly tail: string
}

/** Where the peers live on this machine. */
export interface PeerHome {
  /** A folder a peer, with its virtual environment. */
  readonly folders: Readonly<Record<string, string>>
  /** Folder of a tokenizer that needs no network. */
  readonly tokenizer: string
}

/** A command of a peer's virtual environment. */
export interface PeerCommand {
  /** Name of the executable in the environment's `bin`. */
  readonly name: string
  readonly args: readonly string[]
}

/** A load generator that somebody else made. */
export interface Peer {
  readonly name: string
  /** What `uv pip install` is given: one exact version, so that figures can be compared over time. */
  readonly requirement: string
  /** Requests that it sends before those that it counts. */
  readonly probes: number
  /** Writes what the peer needs into `folder`, which is also its working directory, and names the command. */
  prepare(cell: PeerCell, place: { readonly folder: string; readonly tokenizer: string }): PeerCommand
  /** Reads what the peer left in `folder`; null when it left no result. */
  read(folder: string): PeerFigures | null
}

/** `evalscope 1.14.1` */
export function titleOf({ requirement }: Peer): string {
  return requirement.replace(/\[.*\]/, '').replace('==', ' ')
}

/** JSON as Python writes it, where a figure that does not exist is a bare NaN; here it becomes null. */
export function parsePythonJson(text: string): unknown {
  return JSON.parse(text.replaceAll(/(?<=[:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,}\]])/g, 'null'))
}

/** A number as a result file may hold it: anything else, NaN and infinities are no figure. */
export function figure(value: unknown, scale = 1): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value * scale : null
}

export function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    value,
  )
}
