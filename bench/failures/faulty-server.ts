import { startReferenceProcess } from '../../src/load/calibration/reference-process.ts'
import { diesAt, type Fault, sound } from './faults.ts'

export interface FaultOptions {
  /** 2: every second answer is faulty; 1: every one. */
  readonly every: 1 | 2
  /** The first answers are sound: what a tool asks before it counts. */
  readonly after: number
}

/** Flags of a reference server with a fault. */
export function serverFlags({ name }: Fault, { every, after }: FaultOptions): string[] {
  if (name === sound.name) return []
  // Where every answer shall be faulty, nobody gets one.
  if (name === 'dies') return ['--die-at', String(after + (every === 1 ? 1 : diesAt))]
  return ['--fault', name, '--every', String(every), '--fault-after', String(after)]
}

/** A reference server in a process of its own, for as long as it is in scope. */
export async function startFaulty(
  fault: Fault,
  options: FaultOptions,
): Promise<{ readonly origin: string } & AsyncDisposable> {
  const { origin, stop } = await startReferenceProcess(serverFlags(fault, options))
  return { origin, [Symbol.asyncDispose]: stop }
}
