/** A configuration that is right; each case breaks one thing. */
export const goodConfig = `version: 1
server:
  command: serve --port {{port}}
  env: { MODE: fast }
api:
  type: openai-completions
scenarios:
  - { name: a, prompt-tokens: 16, output-tokens: 8, concurrency: 2, requests: 60 }
load:
  seed: 1
gate:
  trials: 2
`

export interface BadConfig {
  readonly what: string
  readonly text: string
  /** The key, the value that was seen, and what is allowed: each must be in the message. */
  readonly says: readonly [key: string, value: string, allowed: string]
}

/** `goodConfig` with one text in place of another; a case that changes nothing would prove nothing. */
function broken(what: string, from: string, to: string, ...says: BadConfig['says']): BadConfig {
  const text = goodConfig.replace(from, () => to)
  if (text === goodConfig) throw new Error(`case "${what}" changes nothing`)
  return { what, text, says }
}

const scenarioLine = '  - { name: a, prompt-tokens: 16, output-tokens: 8, concurrency: 2, requests: 60 }'
const second = (fields: string) => `${scenarioLine}\n  - { ${fields} }`
const matrix = (fields: string) =>
  `matrix: { prompt-tokens: 16, output-tokens: [8, 9], concurrency: [1, 4], ${fields} }\nload:`
const generate = (fields: string) => `type: generate\n  generate: { ${fields} }`

// biome-ignore format: a table, one case a line
export const badConfigs: readonly BadConfig[] = [
  broken('unknown key at the top', 'gate:', 'gates:', ':11 gates', 'did you mean gate?', 'version, server, api'),
  broken('unknown key in snake case', 'trials: 2', 'max_pairs: 8', 'gate.max_pairs', 'got 8', 'did you mean max-pairs?'),
  broken('unknown key in camel case', 'seed: 1', 'requestTimeoutSeconds: 9', 'load.requestTimeoutSeconds', 'got 9', 'request-timeout-seconds'),
  broken('unknown key of a scenario', 'requests: 60', 'request: 60', 'scenarios[0].request', 'got 60', 'did you mean requests?'),
  broken('version missing', 'version: 1\n', '', 'version', 'missing', 'allowed: 1'),
  broken('version of another tool', 'version: 1', 'version: 2', 'llm-perf.yml:1 version', 'got 2', 'allowed: 1'),
  broken('version as text', 'version: 1', 'version: "1"', 'version', 'got "1"', 'allowed: 1'),
  broken('command missing', '  command: serve --port {{port}}\n', '', 'server.command', 'missing', 'a command line'),
  broken('command empty', 'serve --port {{port}}', '"  "', 'server.command', 'got "  "', 'a command line'),
  broken('command an empty list', 'serve --port {{port}}', '[]', 'server.command', 'got []', 'a list with at least the program'),
  broken('command a list without a program', 'serve --port {{port}}', '["", "{{port}}"]', 'server.command', 'got [""', 'starts with the program'),
  broken('command of the wrong type', 'serve --port {{port}}', '8000', 'server.command', 'got 8000', 'a command line'),
  broken('server no mapping', goodConfig.slice(11, goodConfig.indexOf('api:')), 'server: serve\n', ':2 server', 'got "serve"', 'a mapping with command'),
  broken('port out of range', 'serve --port', 'serve\n  port: 70000 #', 'server.port', 'got 70000', 'from 1 to 65535, or auto'),
  broken('port as text', 'serve --port', 'serve\n  port: "8000" #', 'server.port', 'got "8000"', 'from 1 to 65535, or auto'),
  broken('port 0', 'serve --port', 'serve\n  port: 0 #', 'server.port', 'got 0', 'from 1 to 65535, or auto'),
  broken('port auto that nobody tells the server', ' --port {{port}}', '', 'server.command', 'got "serve"', '{{port}}'),
  broken('ready path without a slash', 'api:', '  ready: { path: health }\napi:', 'server.ready.path', 'got "health"', 'starts with /'),
  broken('ready timeout 0', 'api:', '  ready: { timeout-seconds: 0 }\napi:', 'server.ready.timeout-seconds', 'got 0', 'seconds above 0'),
  broken('timeout with a unit', 'seed: 1', 'request-timeout-seconds: 2m', 'load.request-timeout-seconds', 'got "2m"', 'a number of seconds'),
  broken('timeout that is no number', 'seed: 1', 'request-timeout-seconds: .nan', 'load.request-timeout-seconds', 'got NaN', 'a number of seconds'),
  broken('timeout without end', 'seed: 1', 'request-timeout-seconds: .inf', 'load.request-timeout-seconds', 'got Infinity', 'at most 86400'),
  broken('environment a list', '{ MODE: fast }', '[MODE=fast]', 'server.env', 'got ["MODE=fast"]', 'a mapping'),
  broken('environment value a list', '{ MODE: fast }', '{ MODE: [1] }', 'server.env.MODE', 'got a list', 'a text, a number, true or false'),
  broken('environment name with a dash', '{ MODE: fast }', '{ MO-DE: fast }', 'server.env.MO-DE', 'got a string', 'letters, digits and _'),
  broken('environment variable of our own', '{ MODE: fast }', '{ LLM_PERF_RUN_ID: x }', 'server.env.LLM_PERF_RUN_ID', 'got a string', 'any other name'),
  broken('working directory above the checkout', 'api:', '  working-directory: a/../../b\napi:', 'server.working-directory', '"a/../../b"', 'inside the checkout'),
  broken('working directory absolute', 'api:', '  working-directory: /srv\napi:', 'server.working-directory', '"/srv"', 'a relative path'),
  broken('working directory on a drive', 'api:', "  working-directory: 'C:\\x'\napi:", 'server.working-directory', 'C:', 'a relative path'),
  broken('API that does not exist', 'openai-completions', 'openai', 'api.type', 'got "openai"', 'openai-chat, llama-cpp, ollama-generate, ollama-chat, tgi, sglang, generate'),
  broken('model left empty', 'type: openai-completions', 'model:', 'api.model', 'got null', 'the name of a model'),
  broken('body key of our own', 'type: openai-completions', 'extra-body: { stream: false }', 'api.extra-body.stream', 'got false', 'any key but'),
  broken('body with a number that JSON lacks', 'type: openai-completions', 'extra-body: { a: { b: [.inf] } }', 'api.extra-body.a', 'got Infinity', 'what JSON can say'),
  broken('body for the type generate', 'type: openai-completions', 'type: generate\n  extra-body: { a: 1 }', 'api.extra-body', 'got {"a":1}', 'api.generate.request'),
  broken('length of an option of our own', 'type: openai-completions', 'type: ollama-chat\n  extra-body: { options: { num_ctx: 4096, num_predict: 9 } }', 'api.extra-body.options.num_predict', 'got 9', 'any key but model, prompt'),
  broken('prompt of our own', 'type: openai-completions', 'type: sglang\n  extra-body: { text: hello }', 'api.extra-body.text', 'got "hello"', 'any key but text, input_ids'),
  broken('model in the body', 'type: openai-completions', 'type: ollama-generate\n  extra-body: { model: x }', 'api.extra-body.model', 'got "x"', 'api.model'),
  broken('stream in a format that does not exist', 'type: openai-completions', generate('stream-format: json'), 'api.generate.stream-format', 'got "json"', 'sse, ndjson, text'),
  broken('bare text whose tokens nobody counts', 'type: openai-completions', generate('stream-format: text'), 'api.generate.stream-format', 'got "text"', 'text with output-tokens: requested'),
  broken('short answers that nobody counts', goodConfig.slice(goodConfig.indexOf('type:'), goodConfig.indexOf('load:')), `${generate('output-tokens: requested')}\nscenarios: [{ prompt-tokens: 16, output-tokens: 8, concurrency: 2, output-length: at-most }]\n`, 'scenarios[0].output-length', 'got "at-most"', 'exact; or an endpoint that counts its tokens'),
  broken('a length that is neither', 'concurrency: 2', 'concurrency: 2, output-length: about', 'scenarios[0].output-length', 'got "about"', 'exact, at-most'),
  broken('done path with blanks', 'type: openai-completions', generate(`done: 'a b'`), 'api.generate.done', 'got "a b"', 'a dot path'),
  broken('mapping for another API', 'type: openai-completions', 'generate: { path: /g }', 'api.generate', 'got {"path":"/g"}', 'api.type generate'),
  broken('template that is no JSON', 'type: openai-completions', generate(`request: 'prompt={{{prompt}}}'`), 'api.generate.request', 'does not render to JSON', '{{{prompt}}}'),
  broken('template with quotes around the prompt', 'type: openai-completions', generate(`request: '{"p": "{{{prompt}}}", "n": {{outputTokens}}}'`), 'api.generate.request', 'does not render to JSON', 'no quotes around it'),
  broken('template without the prompt', 'type: openai-completions', generate(`request: '{"p": "hello", "n": {{outputTokens}}}'`), 'api.generate.request', 'the prompt is not in', '{{{prompt}}}'),
  broken('template without the length', 'type: openai-completions', generate(`request: '{"p": {{{prompt}}}}'`), 'api.generate.request', 'number of output tokens is not in', '{{outputTokens}}'),
  broken('template with an unknown variable', 'type: openai-completions', generate(`request: '{"p": {{{prompt}}}, "n": {{max_tokens}}}'`), 'api.generate.request', 'unknown variable max_tokens', 'outputTokens'),
  broken('template with a model that is not given', 'type: openai-completions', generate(`request: '{"p": {{{prompt}}}, "n": {{outputTokens}}, "m": "{{model}}"}'`), 'api.generate.request', '{{model}} needs api.model', '{{{prompt}}}'),
  broken('template that is not closed', 'type: openai-completions', generate(`request: '{"p": {{{prompt'`), 'api.generate.request', 'does not render to JSON', '{{{prompt}}}'),
  broken('answer path with blanks', 'type: openai-completions', generate(`text: 'a b'`), 'api.generate.text', 'got "a b"', 'a dot path'),
  broken('nothing to measure', `scenarios:\n${scenarioLine}\n`, '', 'scenarios', 'missing', 'or a matrix'),
  broken('an empty list of scenarios', `scenarios:\n${scenarioLine}`, 'scenarios: []', 'scenarios', 'got []', 'at least one scenario'),
  broken('scenarios left empty', `\n${scenarioLine}`, '', 'scenarios', 'got null', 'a list of scenarios'),
  broken('no requests', 'requests: 60', 'requests: 0', 'scenarios[0].requests', 'got 0', 'from 5 to 100000'),
  broken('too few requests for any percentile', 'requests: 60', 'requests: 4', ':8 scenarios[0].requests', 'got 4', 'from 5 to 100000'),
  broken('an absurd number of requests', 'requests: 60', 'requests: 100001', 'scenarios[0].requests', 'got 100001', 'from 5 to 100000'),
  broken('fewer requests than streams', 'concurrency: 2', 'concurrency: 61', 'scenarios[0].requests', 'got 60', 'a whole number from 61'),
  broken('half a token', 'prompt-tokens: 16', 'prompt-tokens: 16.5', 'scenarios[0].prompt-tokens', 'got 16.5', 'a whole number from 1'),
  broken('negative output', 'output-tokens: 8', 'output-tokens: -8', 'scenarios[0].output-tokens', 'got -8', 'a whole number from 1'),
  broken('concurrency missing', 'concurrency: 2, ', '', 'scenarios[0].concurrency', 'missing', 'from 1 to 10000'),
  broken('neither concurrency nor rate', 'concurrency: 2, ', 'ramp-seconds: 5, ', 'scenarios[0].concurrency', 'neither concurrency nor rate', 'or rate, a number of requests per second'),
  broken('a rate of nothing', 'concurrency: 2', 'rate: 0', 'scenarios[0].rate', 'got 0', 'a number of requests per second above 0'),
  broken('a rate beyond all clients', 'concurrency: 2', 'rate: 10001', 'scenarios[0].rate', 'got 10001', 'at most 10000'),
  broken('a rate that waits for answers', 'concurrency: 2', 'rate: 5, think-time-ms: 100', 'scenarios[0].think-time-ms', 'got 100', 'a scenario without rate'),
  broken('arrivals without a rate', 'concurrency: 2', 'concurrency: 2, arrivals: poisson', 'scenarios[0].arrivals', 'got "poisson"', 'a scenario with rate'),
  broken('arrivals that do not exist', 'concurrency: 2', 'rate: 5, arrivals: uniform', 'scenarios[0].arrivals', 'got "uniform"', 'constant, poisson, gamma'),
  broken('arrivals that do not exist, with a burstiness', 'concurrency: 2', 'rate: 5, arrivals: gama, burstiness: 2', 'scenarios[0].arrivals', 'got "gama"', 'constant, poisson, gamma'),
  broken('gamma without a burstiness', 'concurrency: 2', 'rate: 5, arrivals: gamma', 'scenarios[0].burstiness', 'missing', 'a number above 0'),
  broken('a burstiness of Poisson', 'concurrency: 2', 'rate: 5, burstiness: 2', 'scenarios[0].burstiness', 'got 2', 'arrivals: gamma'),
  broken('a burstiness of constant arrivals', 'concurrency: 2', 'rate: 5, arrivals: constant, burstiness: 2', 'scenarios[0].burstiness', 'arrivals are constant', 'arrivals: gamma'),
  broken('a burstiness without a rate', 'concurrency: 2', 'concurrency: 2, burstiness: 2', 'scenarios[0].burstiness', 'got 2', 'a scenario with rate'),
  broken('a burstiness of nothing', 'concurrency: 2', 'rate: 5, arrivals: gamma, burstiness: 0', 'scenarios[0].burstiness', 'got 0', 'above 0'),
  broken('a negative ramp', 'concurrency: 2', 'concurrency: 2, ramp-seconds: -1', 'scenarios[0].ramp-seconds', 'got -1', 'seconds above 0'),
  broken('a negative pause', 'concurrency: 2', 'concurrency: 2, think-time-ms: -1', 'scenarios[0].think-time-ms', 'got -1', 'milliseconds above 0'),
  broken('a time in words', 'concurrency: 2', 'concurrency: 2, min-seconds: 30s', 'scenarios[0].min-seconds', 'got "30s"', 'seconds above 0'),
  broken('a rate and a time that make too many requests', 'concurrency: 2', 'rate: 1000, min-seconds: 101', 'scenarios[0].min-seconds', 'got 101', 'at most 100000 requests'),
  broken('objectives that say nothing', 'concurrency: 2', 'concurrency: 2, slo: {}', 'scenarios[0].slo', 'got {}', 'at least one of ttft-ms'),
  broken('an objective in words', 'concurrency: 2', 'concurrency: 2, slo: { ttft-ms: fast }', 'scenarios[0].slo.ttft-ms', 'got "fast"', 'milliseconds above 0'),
  broken('an objective that does not exist', 'concurrency: 2', 'concurrency: 2, slo: { ttft_ms: 5 }', 'scenarios[0].slo.ttft_ms', 'got 5', 'did you mean ttft-ms?'),
  broken('an objective that nobody sees', 'concurrency: 2', 'concurrency: 2, streaming: false, slo: { ttft-ms: 200, latency-ms: 900 }', 'scenarios[0].slo.ttft-ms', 'got 200', 'a scenario with streaming'),
  broken('an objective that nobody sees in a part of the matrix', 'load:', matrix('streaming: [true, false], slo: { tpot-ms: 20 }'), 'matrix.slo.tpot-ms', 'got 20', 'a scenario with streaming'),
  broken('a matrix without load', 'load:', matrix('').replace('concurrency: [1, 4], ', ''), 'matrix.concurrency', 'missing', 'or rate'),
  broken('a matrix of rates that wait for answers', 'load:', matrix('rate: [1, 2], think-time-ms: 5'), 'matrix.think-time-ms', 'got 5', 'a scenario without rate'),
  broken('a matrix with a rate of nothing', 'load:', matrix('rate: [1, 0]'), 'matrix.rate', '0', 'requests per second'),
  broken('one open scenario twice', scenarioLine, `  - { prompt-tokens: 16, output-tokens: 8, rate: 2 }\n  - { name: b, prompt-tokens: 16, output-tokens: 8, rate: 2, arrivals: poisson }`, 'scenarios[1]', 'the same work as scenario p16-o8-r2-poisson', 'more than the name'),
  broken('streaming in words', 'requests: 60', 'requests: 60, streaming: yes', 'scenarios[0].streaming', 'got "yes"', 'true or false'),
  broken('a name that is no name', 'name: a,', 'name: "a|b",', 'scenarios[0].name', 'got "a|b"', 'letters, digits'),
  broken('two scenarios of one name', scenarioLine, second('name: a, prompt-tokens: 9, output-tokens: 9, concurrency: 1'), ':9 scenarios[1].name', 'got "a"', 'a name of its own'),
  broken('one scenario twice', scenarioLine, second('name: b, prompt-tokens: 16, output-tokens: 8, concurrency: 2, requests: 60'), 'scenarios[1]', 'the same work as scenario a', 'more than the name'),
  broken('a list that repeats a cell of the matrix', `${scenarioLine}\nload:`, `  - { name: p16-o8-c4, prompt-tokens: 99, output-tokens: 8, concurrency: 4 }\n${matrix('')}`, 'matrix', '"p16-o8-c4"', 'a name of its own'),
  broken('a matrix that repeats a value', 'load:', matrix('streaming: [true, true]'), 'matrix', '"p16-o8-c1"', 'a name of its own'),
  broken('a matrix without a value', 'load:', matrix('streaming: []'), 'matrix.streaming', 'got []', 'at least one true or false'),
  broken('a matrix with fewer requests than streams', 'load:', matrix('requests: 5').replace('4]', '6]'), 'matrix.requests', 'got 5', 'a whole number from 6'),
  broken('an exclusion that matches nothing', 'load:', matrix('exclude: [{ concurrency: 5 }]'), 'matrix.exclude[0]', 'got {"concurrency":5}', 'sizes that the matrix has'),
  broken('an exclusion of everything', 'load:', matrix('exclude: [{ prompt-tokens: 16 }]'), 'matrix.exclude', 'nothing is left to measure', 'at least one combination'),
  broken('an exclusion that says nothing', 'load:', matrix('exclude: [{}]'), 'matrix.exclude[0]', 'got {}', 'at least one key'),
  broken('a matrix without end', 'load:', `matrix: { prompt-tokens: [${Array.from({ length: 257 }, (_, i) => i + 20)}], output-tokens: 1, concurrency: 1 }\nload:`, 'matrix', 'got 258', 'at most 256 scenarios'),
  broken('a negative seed', 'seed: 1', 'seed: -1', 'load.seed', 'got -1', 'a whole number from 0'),
  broken('a margin of nothing', 'trials: 2', 'margins: { latency: 0% }', 'gate.margins.latency', 'got "0%"', 'from 0.1% to 100%'),
  broken('a margin that forgot its per cent', 'trials: 2', 'margins: { latency: 10 }', 'gate.margins.latency', 'got 10;', 'written as 10% or as 0.1'),
  broken('a margin in words', 'trials: 2', 'margins: { all-latency: ten }', 'gate.margins.all-latency', 'got "ten"', 'written as 10% or as 0.1'),
  broken('a negative margin', 'trials: 2', 'margins: { tokens-per-second: -5% }', 'gate.margins.tokens-per-second', 'got "-5%"', 'from 0.1% to 100%'),
  broken('failures all allowed', 'trials: 2', 'failure-limit: 100%', 'gate.failure-limit', 'got "100%"', 'from 0% to 50%'),
  broken('a number of pairs without a look', 'trials: 2', 'max-pairs: 10', 'gate.max-pairs', 'got 10', '8, 11, 14 or 18'),
  broken('no trials', 'trials: 2', 'trials: 0', ':12 gate.trials', 'got 0', 'a whole number from 1'),
  broken('one trial of calibration', 'trials: 2', 'calibration-trials: 1', 'gate.calibration-trials', 'got 1', 'a whole number from 2'),
  broken('no budget', 'trials: 2', 'budget-minutes: 0', 'gate.budget-minutes', 'got 0', 'minutes above 0'),
  broken('a section left empty', '\n  trials: 2', '', 'gate', 'got null', 'a mapping with margins'),
  broken('a key twice', '  seed: 1', '  seed: 1\n  seed: 2', 'llm-perf.yml:11', 'got "seed: 2"', 'each key once'),
  broken('a broken line', 'type: openai-completions', 'type: "openai', 'llm-perf.yml', 'not YAML', 'plain YAML, one document'),
  broken('a tab', '  seed: 1', '\tseed: 1', 'llm-perf.yml:10', 'not YAML', 'plain YAML, one document'),
  broken('an alias of nothing', 'seed: 1', 'seed: *other', 'llm-perf.yml:10', 'not YAML', 'plain YAML, one document'),
  broken('an anchor that contains itself', 'type: openai-completions', 'extra-body: &a { x: *a }', 'llm-perf.yml:6', '&a contains itself', 'plain YAML'),
  broken('a tag of another program', 'seed: 1', 'seed: !env SEED', 'llm-perf.yml:10', 'got "seed: !env SEED"', 'plain YAML'),
  broken('a second document', 'gate:', '---\ngate:', 'llm-perf.yml:11', 'not YAML', 'plain YAML, one document'),
  { what: 'an empty file', text: '\n# nothing yet\n', says: ['llm-perf.yml', 'the file is empty; got nothing', 'starts with version: 1'] },
  { what: 'aliases without end', text: `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(9)}*a]\nc: &c [${'*b,'.repeat(9)}*b]\nd: [${'*c,'.repeat(9)}*c]\n`, says: ['llm-perf.yml', 'not usable as YAML', 'a mapping'] },
  { what: 'a list as the file', text: '- a\n', says: ['llm-perf.yml', 'got ["a"]', 'a mapping'] },
  { what: 'a text as the file', text: 'hello\n', says: ['llm-perf.yml', 'got "hello"', 'a mapping'] },
]
