/** The hardware and driver fingerprint that must match for numbers to be comparable. */
export interface RunnerClass {
  /** Short and stable: a hash over all other fields, prefixed for a reader, e.g. `rtx-2060-5f3a9c1e`. */
  readonly id: string
  readonly os: string
  readonly arch: string
  readonly cpu: string
  /** 0: not known, as where another tool measured. */
  readonly cores: number
  readonly memoryGiB: number
  /** Null without a GPU. */
  readonly gpu: {
    readonly name: string
    readonly count: number
    readonly memoryMiB: number
    readonly driver: string
  } | null
}
