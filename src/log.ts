/** Where the engine tells what it does. The action writes workflow commands, the terminal plain or live lines. */
export interface Log {
  info(line: string): void
  warning(line: string): void
  /** One phase of the run, named for a person. */
  group<T>(name: string, body: () => Promise<T>): Promise<T>
  /** What is going on right now; a terminal overwrites it, a log file gets it now and then. */
  progress(text: string): void
}

/** For tests and for callers that want no output. */
export const silentLog: Log = {
  info: () => {},
  warning: () => {},
  group: (_name, body) => body(),
  progress: () => {},
}
