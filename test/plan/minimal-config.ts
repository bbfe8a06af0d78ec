/** The least that a configuration must say. */
export const minimal = `version: 1
server: { command: 'serve --port {{port}}' }
scenarios: [{ prompt-tokens: 16, output-tokens: 8, concurrency: 1 }]
`
