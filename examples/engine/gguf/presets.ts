/** Shape of a Llama-architecture transformer. */
export interface ModelShape {
  readonly layers: number
  readonly embedding: number
  readonly heads: number
  /** Key/value heads; fewer than `heads` is grouped-query attention. */
  readonly kvHeads: number
  readonly feedForward: number
  readonly vocabulary: number
}

/** Parameters: nano 5.2 M (11 MB on disk), tiny 16 M (32 MB), small 34 M (67 MB). */
export const presets = {
  nano: { layers: 4, embedding: 256, heads: 4, kvHeads: 2, feedForward: 768, vocabulary: 4096 },
  tiny: { layers: 6, embedding: 384, heads: 6, kvHeads: 3, feedForward: 1024, vocabulary: 8192 },
  small: { layers: 8, embedding: 512, heads: 8, kvHeads: 4, feedForward: 1536, vocabulary: 8192 },
} as const satisfies Record<string, ModelShape>

export type Preset = keyof typeof presets

export const presetNames = Object.keys(presets) as readonly Preset[]
