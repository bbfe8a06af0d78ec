import { writeFile } from 'node:fs/promises'
import type { ReferenceOptions } from './options.ts'
import { ReferenceServer } from './server.ts'

/**
 * Runs a reference server until the signal fires. Once it listens, one JSON line says so: `{"ready":true,"port":N}`.
 * Its log is written at the end where the options name a file.
 */
export async function serveReference(
  options: ReferenceOptions,
  signal: AbortSignal,
  print: (text: string) => void,
): Promise<void> {
  const server = await ReferenceServer.start(options)
  print(`${JSON.stringify({ ready: true, port: server.port })}\n`)
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await server.close()
  if (options.logFile !== null) {
    await writeFile(options.logFile, server.log.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  }
}
