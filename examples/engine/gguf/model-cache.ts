import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildModel, writerVersion } from './build-model.ts'
import type { Preset } from './presets.ts'

/** Where a model lies, and the SHA-256 of its bytes. */
export interface CachedModel {
  readonly path: string
  readonly sha256: string
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * Rename is atomic, so a reader sees the old file, or the whole new one, and two writers may race: both bring the same
 * bytes. Where an open file cannot be replaced (Windows), the other writer's file is as good as ours.
 */
function writeWhole(path: string, content: Uint8Array | string): void {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    writeFileSync(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    if (!existsSync(path)) throw error
  }
}

/**
 * Returns the model of a preset and seed, written on first use. A file whose checksum does not match what its writer
 * noted (cut short, damaged) is written again.
 */
export function ensureModel(cacheDir: string, preset: Preset, seed: number): CachedModel {
  const path = join(cacheDir, `${preset}-seed${seed}-v${writerVersion}.gguf`)
  const checksumPath = `${path}.sha256`
  if (existsSync(path) && existsSync(checksumPath)) {
    const sha256 = readFileSync(checksumPath, 'utf8').trim()
    if (hashOf(readFileSync(path)) === sha256) return { path, sha256 }
  }
  mkdirSync(cacheDir, { recursive: true })
  const bytes = buildModel(preset, seed)
  const sha256 = hashOf(bytes)
  writeWhole(path, bytes)
  writeWhole(checksumPath, `${sha256}\n`)
  return { path, sha256 }
}
