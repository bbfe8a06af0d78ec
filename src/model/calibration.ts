/** How far our client's figure lies from what really happened, over the requests of a calibration. Milliseconds. */
export interface ClientError {
  readonly medianMs: number
  readonly p99Ms: number
}

/** The load client measured against a server of known timing, right before the first trial. */
export interface ClientCalibration {
  /** Requests in flight: the most that the plan asks for, within a bound. */
  readonly concurrency: number
  /** Requests behind each figure. */
  readonly requests: number
  readonly ttft: ClientError
  readonly tpot: ClientError
  /** Request sent to last token. */
  readonly latency: ClientError
  /** More than 1: it was off and was repeated, since something passing may have disturbed it; these are the best figures. */
  readonly attempts: number
}
