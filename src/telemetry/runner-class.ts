import { createHash } from 'node:crypto'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import type { RunnerClass } from '../model/runner-class.ts'
import { askNvidiaSmi, brokenTool, csvFormat, defaultNvidiaSmi, readNumber } from './nvidia-smi.ts'

const bytesPerGiB = 1024 ** 3

/**
 * What this machine is, for comparing like with like.
 *
 * @throws ActionError `invalid` when there is a GPU whose driver does not answer.
 */
export async function readRunnerClass(options: { readonly nvidiaSmi?: string } = {}): Promise<RunnerClass> {
  const gpu = await readGpu(options.nvidiaSmi ?? defaultNvidiaSmi)
  return withId({
    os: systemName(platform(), release()),
    arch: arch(),
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / bytesPerGiB),
    gpu,
  })
}

/** Adds the id: a readable name, then 8 hex digits of a hash over everything else. */
export function withId(parts: Omit<RunnerClass, 'id'>): RunnerClass {
  const { os, arch, cpu, cores, memoryGiB, gpu } = parts
  const facts = [os, arch, cpu, cores, memoryGiB, gpu && [gpu.name, gpu.count, gpu.memoryMiB, gpu.driver]]
  const digest = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 8)
  const name = gpu ? `${gpu.count > 1 ? `${gpu.count}x-` : ''}${slug(gpu.name)}` : `cpu-${cores}-${slug(cpu)}`
  return { id: `${name.slice(0, 40).replace(/-+$/, '')}-${digest}`, ...parts }
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/\((r|tm)\)|@.*|\b(nvidia|geforce|intel|amd|cpu|processor)\b/g, ' ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** The kernel's version is left out: with each security update no baseline would match any more. */
function systemName(system: NodeJS.Platform, version: string): string {
  return system === 'linux' && /microsoft/i.test(version) ? 'linux-wsl2' : system
}

async function readGpu(nvidiaSmi: string): Promise<RunnerClass['gpu']> {
  const output = await askNvidiaSmi(nvidiaSmi, ['--query-gpu=name,memory.total,driver_version', csvFormat])
  if (output === null) return null
  const rows = output.split(/\r?\n/).flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim())
    const [name, memory, driver] = cells
    // Memory that is shared with the CPU has no size of its own: `[N/A]`.
    return cells.length === 3 && name && driver ? [{ name, memoryMiB: readNumber(memory) ?? 0, driver }] : []
  })
  const [first] = rows
  if (first === undefined) throw brokenTool(nvidiaSmi, output)
  return { ...first, name: [...new Set(rows.map((row) => row.name))].join(' + '), count: rows.length }
}
