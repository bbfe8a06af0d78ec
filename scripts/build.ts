import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Bundles the entries: the action to <out>/index.js, its post step to <out>/post/index.js, the terminal to
 * <out>/cli/index.js, and the reference server, which both start as a process of its own, to
 * <out>/reference-server/index.js. The bytes depend only on the sources and the lock file: ncc's cache is off, and its
 * own copy in node_modules is used.
 *
 *     node scripts/build.ts [out]      default: dist
 */
const root = resolve(import.meta.dirname, '..')
const out = resolve(process.argv[2] ?? join(root, 'dist'))
const ncc = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js')

rmSync(out, { recursive: true, force: true })
for (const [entry, folder] of [
  ['src/index.ts', out],
  ['src/post.ts', join(out, 'post')],
  ['src/cli.ts', join(out, 'cli')],
  ['src/reference-server/main.ts', join(out, 'reference-server')],
] as const) {
  mkdirSync(folder, { recursive: true })
  const args = [ncc, 'build', entry, '--out', folder, '--no-cache', '--license', 'licenses.txt']
  execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}
