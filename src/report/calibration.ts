import type { ClientCalibration, ClientError } from '../model/calibration.ts'
import { plural } from '../model/words.ts'

/** `client error at concurrency 64: TTFT ±0.4 ms (P99 1.8), ...`: what every figure of this run may be off by. */
export function describeCalibration({ concurrency, requests, ttft, tpot, latency }: ClientCalibration): string {
  const sizes = { TTFT: ttft, TPOT: tpot, latency }
  const parts = Object.entries(sizes).map(([name, error]) => `${name} ${describeError(error)}`)
  return `its own error, against a server of known timing at concurrency ${concurrency} (${plural(requests, 'request')}): ${parts.join(', ')}.`
}

function describeError({ medianMs, p99Ms }: ClientError): string {
  return `±${figure(Math.abs(medianMs))} ms (P99 ${figure(p99Ms)} ms)`
}

function figure(ms: number): string {
  return ms < 0.1 ? ms.toFixed(3) : ms.toFixed(1)
}
