import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { ensureModel } from '../../../examples/engine/gguf/model-cache.ts'

const root = mkdtempSync(join(tmpdir(), 'engine-cache-'))
let cacheDir = root
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

beforeEach(() => {
  cacheDir = mkdtempSync(join(root, 'case-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('the model cache', () => {
  it('writes the same bytes into two folders, and names their checksum', () => {
    const [one, two] = [ensureModel(join(cacheDir, 'a'), 'nano', 7), ensureModel(join(cacheDir, 'b/deep'), 'nano', 7)]
    expect(one.path).not.toBe(two.path)
    expect(sha256(one.path)).toBe(one.sha256)
    expect(sha256(two.path)).toBe(one.sha256)
  })

  it('keeps a file that is whole', () => {
    const { path } = ensureModel(cacheDir, 'nano', 1)
    const written = statSync(path)
    ensureModel(cacheDir, 'nano', 1)
    expect(statSync(path).ino).toBe(written.ino)
    expect(statSync(path).mtimeMs).toBe(written.mtimeMs)
  })

  it('writes a file again that is cut short, changed, or has no checksum', () => {
    const { path, sha256: good } = ensureModel(cacheDir, 'nano', 1)
    const damages = [
      () => truncateSync(path, 5000),
      () => writeFileSync(path, Buffer.alloc(statSync(path).size)),
      () => rmSync(`${path}.sha256`),
    ]
    for (const damage of damages) {
      damage()
      ensureModel(cacheDir, 'nano', 1)
      expect(sha256(path)).toBe(good)
    }
  })

  it('survives four processes that write it at once, and leaves nothing but the model and its checksum', async () => {
    const module = new URL('../../../examples/engine/gguf/model-cache.ts', import.meta.url).href
    const script = `const { ensureModel } = await import(process.argv[1])
      console.log(ensureModel(process.argv[2], 'nano', 3).sha256)`
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, module, cacheDir])
    const hashes = (await Promise.all([run(), run(), run(), run()])).map(({ stdout }) => stdout.trim())
    const { path, sha256: expected } = ensureModel(cacheDir, 'nano', 3)
    expect(new Set(hashes)).toEqual(new Set([expected]))
    expect(sha256(path)).toBe(expected)
    expect(readdirSync(cacheDir).length).toBe(2)
  })
})
