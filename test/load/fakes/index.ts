import { llamaCppWire } from './llama-cpp.ts'
import { ollamaChatWire, ollamaGenerateWire } from './ollama.ts'
import { sglangWire } from './sglang.ts'
import { tgiWire } from './tgi.ts'
import type { Wire } from './wire.ts'

/** Every API of a server's own; the OpenAI ones have a fake of theirs. */
export const wires: readonly Wire[] = [llamaCppWire, ollamaGenerateWire, ollamaChatWire, tgiWire, sglangWire]
