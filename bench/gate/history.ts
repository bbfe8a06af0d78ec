import { appendJob } from '../../src/baseline/index.ts'
import { creepNotes } from '../../src/judge/index.ts'
import type { AcceptedSlowdown } from '../../src/model/accepted.ts'
import type { BaselineFile, BaselineWindow } from '../../src/model/baseline.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { runnerClass, type Simulation } from './simulation.ts'

/** The default branch of a simulated machine, push by push, through the code that writes the real baseline. */
export class History {
  readonly #machine: Simulation
  #file: BaselineFile | null = null
  #pushes = 0

  constructor(machine: Simulation) {
    this.#machine = machine
  }

  /** Measures the branch as it is now, `times` times. */
  push(times = 1, accepted: readonly AcceptedSlowdown[] = []): BaselineWindow {
    for (let n = 0; n < times; n++) {
      const trials = this.#pushes === 0 ? defaultPolicy.calibrationTrials : defaultPolicy.trials
      const job = { ...this.#machine.baselineJob(this.#pushes, trials), accepted }
      this.#file = appendJob(this.#file, {
        runnerClass,
        scenarios: this.#machine.matrix,
        job,
        policy: defaultPolicy,
        toolVersion: '0.0.0',
        now: new Date(job.at),
      })
      this.#pushes += 1
    }
    return this.window
  }

  get window(): BaselineWindow {
    const window = this.#file?.windows[runnerClass.id]
    if (!window) throw new Error('nothing was pushed yet')
    return window
  }

  /** What a reader is told of creep. */
  get creep(): readonly string[] {
    return creepNotes(this.window, this.#machine.matrix, defaultPolicy)
  }

  /** Changes of level that the window found by itself, of all jobs that it holds now. */
  get found(): number {
    return this.window.jobs.flatMap(({ shifts }) => shifts).length
  }
}
