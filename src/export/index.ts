import type { Exporter } from './exporter.ts'
import { vllm } from './vllm.ts'

export type { ExportedFile, Exporter, ExportInput } from './exporter.ts'

/** Every format that recordings are written in. A new one is a file and a line here. */
export const exporters: Readonly<Record<string, Exporter>> = { vllm }
