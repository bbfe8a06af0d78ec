import type { ClientCalibration } from '../model/calibration.ts'
import { counts, type TrialEvidence } from '../model/trial.ts'
import { describeCalibration } from './calibration.ts'
import type { ReportContext } from './context.ts'
import { lengthRows } from './lengths.ts'
import { machineLines } from './machine.ts'

/** What a report says of the measurement itself: of the trials that count, and of the client that made them. */
export function measurementContext(
  evidence: readonly TrialEvidence[],
  calibration: ClientCalibration | null,
): Pick<ReportContext, 'lengths' | 'machine' | 'clientNote'> {
  const trials = evidence.filter(counts)
  return {
    lengths: lengthRows(trials),
    machine: machineLines(trials),
    clientNote: calibration && describeCalibration(calibration),
  }
}
