import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 916:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ messageOf),
/* harmony export */   l: () => (/* binding */ ActionError)
/* harmony export */ });
/**
 * An expected failure: what happened (`message`), and what the person should do next (`hint`).
 * Anything else that is thrown is a defect of ours and is reported with its stack.
 */
class ActionError extends Error {
    code;
    hint;
    constructor(code, message, hint, options) {
        super(message, options);
        this.name = 'ActionError';
        this.code = code;
        this.hint = hint;
    }
}
/** The message of whatever was thrown; a throw need not be an Error. */
function messageOf(thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
}


/***/ }),

/***/ 278:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   JV: () => (/* binding */ soundScript),
/* harmony export */   Kl: () => (/* binding */ faultOf),
/* harmony export */   eu: () => (/* binding */ faults),
/* harmony export */   iY: () => (/* binding */ isFaultName)
/* harmony export */ });
const soundScript = {
    status: 200,
    tokens: (asked) => asked,
    finishReason: 'length',
    hasText: true,
    ending: 'complete',
};
const half = (asked) => Math.ceil(asked / 2);
const stallAfter = 2;
/** What can be wrong with an answer, by the name that `--fault` takes. */
const faults = {
    'http-500': { ...soundScript, status: 500 },
    close: { ...soundScript, tokens: half, ending: 'close' },
    cut: { ...soundScript, tokens: half, ending: 'cut' },
    'no-done': { ...soundScript, ending: 'no-done' },
    'error-event': { ...soundScript, tokens: half, ending: 'error' },
    'empty-text': { ...soundScript, hasText: false },
    'no-text': { ...soundScript, tokens: () => 0 },
    'half-length': { ...soundScript, tokens: half, finishReason: 'stop' },
    'over-length': { ...soundScript, tokens: (asked) => asked + 1 },
    'slow-loris': { ...soundScript, tokens: (asked) => Math.min(asked, stallAfter), ending: 'stall' },
};
function isFaultName(name) {
    return Object.hasOwn(faults, name);
}
/** The fault of the request with this number; null: it is answered well. */
function faultOf(number, { fault, every, after }) {
    const counted = number - after;
    return fault !== null && counted > 0 && counted % every === 0 ? fault : null;
}


/***/ }),

/***/ 994:
/***/ ((module, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(module, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(975);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_util__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(916);
/* harmony import */ var _options_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(141);
/* harmony import */ var _serve_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(228);




/**
 * The reference server as a program of its own: small, so that it starts in a moment before a measurement. It ends on
 * SIGTERM and SIGINT. With `--end-with-stdin` it also ends with its standard input, so that it never outlives the
 * process that holds the other end.
 */
const lifeLine = 'end-with-stdin';
const end = new AbortController();
process.once('SIGTERM', () => end.abort());
process.once('SIGINT', () => end.abort());
try {
    const options = Object.fromEntries(_options_js__WEBPACK_IMPORTED_MODULE_2__/* .referenceFlags */ .Hn.map((flag) => [flag, { type: 'string' }]));
    const { values } = (0,node_util__WEBPACK_IMPORTED_MODULE_0__.parseArgs)({ options: { ...options, [lifeLine]: { type: 'boolean' } } });
    if (values[lifeLine]) {
        process.stdin.on('end', () => end.abort()).on('error', () => end.abort());
        process.stdin.resume();
    }
    const flags = (0,_options_js__WEBPACK_IMPORTED_MODULE_2__/* .parseReferenceFlags */ .Ib)((flag) => values[flag]);
    await (0,_serve_js__WEBPACK_IMPORTED_MODULE_3__/* .serveReference */ .l)(flags, end.signal, (text) => process.stdout.write(text));
}
catch (error) {
    process.stderr.write(`${(0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .messageOf */ .b)(error)}\n`);
    process.exitCode = 2;
}
finally {
    process.stdin.destroy();
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 141:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Hn: () => (/* binding */ referenceFlags),
/* harmony export */   Ib: () => (/* binding */ parseReferenceFlags)
/* harmony export */ });
/* unused harmony export defaultReference */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(916);
/* harmony import */ var _faults_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(278);


const defaultReference = {
    host: '127.0.0.1',
    port: 0,
    ttftMs: 50,
    gapMs: 10,
    tokensPerEvent: 1,
    eventsPerWrite: 1,
    fault: null,
    every: 1,
    after: 0,
    dieAt: null,
    logFile: null,
};
/** Flags of the command line, with what they stand for. */
const referenceFlags = [
    'host',
    'port',
    'ttft-ms',
    'gap-ms',
    'tokens-per-event',
    'events-per-write',
    'fault',
    'every',
    'fault-after',
    'die-at',
    'log',
];
/**
 * Options from the values of flags.
 *
 * @throws ActionError `usage` with every wrong value at once.
 */
function parseReferenceFlags(text) {
    const problems = [];
    const number = (flag, fallback, least, isWhole) => {
        const given = text(flag);
        if (given === undefined)
            return fallback;
        const value = given.trim() === '' ? Number.NaN : Number(given);
        if (value >= least && Number.isFinite(value) && (!isWhole || Number.isInteger(value)))
            return value;
        problems.push(`--${flag}: got "${given}"; allowed: a ${isWhole ? 'whole ' : ''}number from ${least}`);
        return fallback;
    };
    const base = defaultReference;
    const fault = text('fault') ?? null;
    const options = {
        host: text('host') ?? base.host,
        port: number('port', base.port, 0, true),
        ttftMs: number('ttft-ms', base.ttftMs, 0, false),
        gapMs: number('gap-ms', base.gapMs, 0, false),
        tokensPerEvent: number('tokens-per-event', base.tokensPerEvent, 1, true),
        eventsPerWrite: number('events-per-write', base.eventsPerWrite, 1, true),
        fault: fault !== null && (0,_faults_js__WEBPACK_IMPORTED_MODULE_1__/* .isFaultName */ .iY)(fault) ? fault : null,
        every: number('every', base.every, 1, true),
        after: number('fault-after', base.after, 0, true),
        dieAt: text('die-at') === undefined ? null : number('die-at', 1, 1, true),
        logFile: text('log') ?? null,
    };
    if (options.port > 65_535)
        problems.push(`--port: got "${options.port}"; allowed: 0 to 65535`);
    if (fault !== null && !(0,_faults_js__WEBPACK_IMPORTED_MODULE_1__/* .isFaultName */ .iY)(fault)) {
        problems.push(`--fault: got "${fault}"; allowed: ${Object.keys(_faults_js__WEBPACK_IMPORTED_MODULE_1__/* .faults */ .eu).join(', ')}`);
    }
    if (problems.length === 0)
        return options;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ActionError */ .l('usage', problems.join('\n'), 'See llm-perf reference-server --help.');
}


/***/ }),

/***/ 228:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  l: () => (/* binding */ serveReference)
});

;// CONCATENATED MODULE: external "node:fs/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");
;// CONCATENATED MODULE: external "node:net"
const external_node_net_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");
// EXTERNAL MODULE: ./src/errors.ts
var errors = __nccwpck_require__(916);
;// CONCATENATED MODULE: ./src/reference-server/answer-form.ts
const doneEvent = '[DONE]';
const errorBody = '{"error":{"message":"the reference server was asked to fail","type":"server_error","code":500}}';
function completionForm(id, model) {
    const head = `{"id":"${id}","object":"text_completion","created":0,"model":${JSON.stringify(model)}`;
    const choice = (text, finishReason) => `${head},"choices":[{"index":0,"text":${JSON.stringify(text)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}]`;
    return {
        opening: null,
        event: (text, finishReason) => `${choice(text, finishReason)}}`,
        usageEvent: (usage) => `${head},"choices":[],${usageOf(usage)}}`,
        body: (text, finishReason, usage) => `${choice(text, finishReason)},${usageOf(usage)}}`,
    };
}
function chatForm(id, model) {
    const head = (object) => `{"id":"${id}","object":"${object}","created":0,"model":${JSON.stringify(model)}`;
    const chunk = head('chat.completion.chunk');
    const event = (delta, finishReason) => `${chunk},"choices":[{"index":0,"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}]}`;
    return {
        opening: event({ role: 'assistant', content: '' }, null),
        event: (content, finishReason) => event({ content }, finishReason),
        usageEvent: (usage) => `${chunk},"choices":[],${usageOf(usage)}}`,
        body: (content, finishReason, usage) => `${head('chat.completion')},"choices":[{"index":0,"message":${JSON.stringify({ role: 'assistant', content })},"finish_reason":${JSON.stringify(finishReason)}}],${usageOf(usage)}}`,
    };
}
function usageOf({ promptTokens, outputTokens }) {
    return `"usage":{"prompt_tokens":${promptTokens},"completion_tokens":${outputTokens},"total_tokens":${promptTokens + outputTokens}}`;
}

;// CONCATENATED MODULE: ./src/reference-server/clock.ts
const samples = 16;
/**
 * Milliseconds of the machine's monotonic clock. On Linux all processes read the same one (CLOCK_MONOTONIC), so that
 * stamps of the reference server and of the client can be subtracted from each other.
 */
function monotonicMs() {
    return performance.now() + offsetMs;
}
const offsetMs = findOffsetMs();
/** Both read the same clock, the second a moment later: the smallest difference is the closest. */
function findOffsetMs() {
    let smallest = Number.POSITIVE_INFINITY;
    for (let sample = 0; sample < samples; sample += 1) {
        const ownMs = performance.now();
        smallest = Math.min(smallest, Number(process.hrtime.bigint()) / 1e6 - ownMs);
    }
    return smallest;
}

;// CONCATENATED MODULE: ./src/reference-server/http-text.ts
const reasons = {
    200: 'OK',
    400: 'Bad Request',
    404: 'Not Found',
    500: 'Internal Server Error',
};
/** Head of an answer whose length is known. */
function headWithLength(status, bytes, keepsAlive) {
    return `HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n${connection(keepsAlive)}\r\n`;
}
/** Head of a stream of events. */
function streamHead(keepsAlive) {
    return `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n${connection(keepsAlive)}\r\n`;
}
/** One server-sent event as one chunk of a body. */
function eventChunk(data) {
    const event = `data: ${data}\n\n`;
    return `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`;
}
const lastChunk = '0\r\n\r\n';
function sendJson(socket, status, body, keepsAlive) {
    socket.write(headWithLength(status, Buffer.byteLength(body), keepsAlive) + body);
}
function connection(keepsAlive) {
    return keepsAlive ? '' : 'connection: close\r\n';
}

;// CONCATENATED MODULE: ./src/reference-server/answer.ts



const tokenText = ' token';
const doneChunk = eventChunk(doneEvent);
/**
 * A streamed answer: the first token at arrival + TTFT, each later one a gap after the one before, all by the schedule
 * that was fixed on arrival. A late token makes none of the others late.
 */
class StreamedAnswer {
    dueMs;
    #parts;
    #tokens;
    #tokenChunk;
    /** What leaves together with the first token, when that is due at once. */
    #prefix = '';
    #written = 0;
    constructor(parts) {
        const { socket, form, script, entry, options, keepsAlive } = parts;
        this.#parts = parts;
        this.#tokens = script.tokens(entry.askedTokens);
        const text = script.hasText ? tokenText.repeat(options.tokensPerEvent) : '';
        this.#tokenChunk = Buffer.from(eventChunk(form.event(text, null)));
        const head = streamHead(keepsAlive) + (form.opening === null ? '' : eventChunk(form.opening));
        if (options.ttftMs > 0)
            socket.write(head);
        else
            this.#prefix = head;
        this.dueMs = this.#dueOf(0);
    }
    run() {
        const { socket, options } = this.#parts;
        if (socket.destroyed)
            return false;
        while (this.#written < this.#tokens) {
            this.#write(Math.min(options.tokensPerEvent * options.eventsPerWrite, this.#tokens - this.#written));
            if (options.gapMs > 0)
                break;
        }
        if (this.#written < this.#tokens) {
            this.dueMs = this.#dueOf(this.#written);
            return true;
        }
        this.#end();
        return false;
    }
    #write(tokens) {
        const { socket, entry, options } = this.#parts;
        const chunk = this.#chunkOf(tokens);
        // Without a gap there is no schedule to keep, and the end needs no write of its own.
        const end = options.gapMs === 0 && this.#written + tokens === this.#tokens ? this.#ending() : '';
        const nowMs = monotonicMs();
        entry.firstTokenMs ??= nowMs;
        entry.lastTokenMs = nowMs;
        socket.write(this.#prefix === '' && end === '' ? chunk : `${this.#prefix}${chunk}${end}`);
        this.#prefix = '';
        this.#written += tokens;
        entry.tokens = this.#written;
    }
    /** An event is due with the last of its tokens, but for the first one: that is what TTFT means. */
    #dueOf(written) {
        const { entry, options } = this.#parts;
        const { ttftMs, gapMs, tokensPerEvent } = options;
        const last = Math.min(written + tokensPerEvent, this.#tokens) - 1;
        return entry.arrivalMs + ttftMs + (written === 0 ? 0 : last * gapMs);
    }
    #chunkOf(tokens) {
        const { form, script, options } = this.#parts;
        const isLast = this.#written + tokens === this.#tokens;
        if (!isLast && tokens === options.tokensPerEvent)
            return this.#tokenChunk;
        const chunks = [];
        for (let left = tokens; left > 0; left -= options.tokensPerEvent) {
            const inEvent = Math.min(left, options.tokensPerEvent);
            const finishes = isLast && left === inEvent && hasFinish(script);
            const text = script.hasText ? tokenText.repeat(inEvent) : '';
            chunks.push(eventChunk(form.event(text, finishes ? script.finishReason : null)));
        }
        return chunks.join('');
    }
    #end() {
        const { socket, script, options, onDone } = this.#parts;
        if (script.ending === 'stall')
            return;
        if (script.ending === 'close') {
            socket.destroy();
            return;
        }
        if (options.gapMs > 0 || this.#tokens === 0)
            socket.write(this.#prefix + this.#ending());
        onDone();
    }
    /** What comes after the last token. */
    #ending() {
        const { form, script, wantsUsage, entry } = this.#parts;
        const usage = wantsUsage ? eventChunk(form.usageEvent(answer_usageOf(entry, this.#tokens))) : '';
        switch (script.ending) {
            case 'complete':
                return usage + doneChunk + lastChunk;
            case 'no-done':
                return usage + lastChunk;
            case 'error':
                return eventChunk(errorBody) + doneChunk + lastChunk;
            case 'cut':
                return lastChunk;
            default:
                return '';
        }
    }
}
/** An answer in one piece, when its last token is due. */
class WholeAnswer {
    dueMs;
    #parts;
    #tokens;
    constructor(parts) {
        const { entry, script, options } = parts;
        this.#parts = parts;
        this.#tokens = script.tokens(entry.askedTokens);
        this.dueMs = entry.arrivalMs + options.ttftMs + Math.max(0, this.#tokens - 1) * options.gapMs;
    }
    run() {
        const { socket, form, script, entry, keepsAlive, onDone } = this.#parts;
        if (socket.destroyed)
            return false;
        const text = script.hasText ? tokenText.repeat(this.#tokens) : '';
        const body = form.body(text, hasFinish(script) ? script.finishReason : null, answer_usageOf(entry, this.#tokens));
        const half = body.slice(0, body.length / 2);
        const nowMs = monotonicMs();
        entry.firstTokenMs = nowMs;
        entry.lastTokenMs = nowMs;
        entry.tokens = this.#tokens;
        switch (script.ending) {
            case 'stall':
                return false;
            case 'close':
                socket.write(headWithLength(200, body.length, keepsAlive) + half, () => socket.destroy());
                return false;
            case 'cut':
                sendJson(socket, 200, half, keepsAlive);
                break;
            case 'error':
                sendJson(socket, 200, errorBody, keepsAlive);
                break;
            default:
                sendJson(socket, 200, body, keepsAlive);
        }
        onDone();
        return false;
    }
}
function hasFinish(script) {
    return script.ending === 'complete' || script.ending === 'no-done';
}
/** A server without any text still claims to have written what was asked for. */
function answer_usageOf({ promptTokens, askedTokens }, tokens) {
    return { promptTokens, outputTokens: tokens === 0 ? askedTokens : tokens };
}

// EXTERNAL MODULE: ./src/reference-server/faults.ts
var faults = __nccwpck_require__(278);
;// CONCATENATED MODULE: ./src/reference-server/vocabulary.ts
const firstId = 1000;
/** A tokenizer that makes one token of each word, with an id of its own for each. */
class Vocabulary {
    #ids = new Map();
    idsOf(text) {
        return wordsOf(text).map((word) => {
            const known = this.#ids.get(word);
            if (known !== undefined)
                return known;
            const id = firstId + this.#ids.size;
            this.#ids.set(word, id);
            return id;
        });
    }
}
/** Tokens in a prompt: ids as given, or the words of a text. */
function countTokens(prompt) {
    if (Array.isArray(prompt))
        return prompt.length;
    return typeof prompt === 'string' ? wordsOf(prompt).length : 0;
}
function wordsOf(text) {
    return text.split(/\s+/).filter((word) => word !== '');
}

;// CONCATENATED MODULE: ./src/reference-server/generation-request.ts

const defaultTokens = 16;
/** Reads the body of a request; null when it is not a JSON object with a prompt. */
function parseGeneration(path, body) {
    const value = parseObject(body);
    if (value === null)
        return null;
    const isChat = path.startsWith('/v1/chat/');
    const prompt = isChat ? lastContent(value.messages) : value.prompt;
    if (typeof prompt !== 'string' && !Array.isArray(prompt))
        return null;
    const tokens = Number(value.max_tokens ?? value.max_completion_tokens ?? defaultTokens);
    if (!Number.isSafeInteger(tokens) || tokens < 1)
        return null;
    const streamOptions = value.stream_options;
    return {
        isChat,
        streaming: value.stream === true,
        wantsUsage: streamOptions?.include_usage === true,
        prompt,
        promptTokens: countTokens(prompt),
        tokens,
    };
}
function parseObject(body) {
    try {
        const value = JSON.parse(body.toString('utf8'));
        return typeof value === 'object' && value !== null && !Array.isArray(value)
            ? value
            : null;
    }
    catch {
        return null;
    }
}
function lastContent(messages) {
    if (!Array.isArray(messages))
        return undefined;
    const content = messages.at(-1)?.content;
    if (!Array.isArray(content))
        return content;
    return content.map((part) => (typeof part?.text === 'string' ? part.text : '')).join('');
}

;// CONCATENATED MODULE: ./src/reference-server/log.ts
const promptStartLength = 64;
const promptStartIds = 8;
/** The beginning of a prompt as text: enough to tell prompts apart that start differently. */
function promptStart(prompt) {
    if (typeof prompt === 'string')
        return prompt.slice(0, promptStartLength);
    return Array.isArray(prompt) ? prompt.slice(0, promptStartIds).join(' ') : '';
}
/** The entry of a request that has just arrived. */
function entryOf({ headers }, { prompt, promptTokens, tokens, streaming }, { arrivalMs, fault }) {
    return {
        id: headers.get('x-request-id') ?? null,
        promptStart: promptStart(prompt),
        promptTokens,
        askedTokens: tokens,
        streaming,
        fault,
        arrivalMs,
        firstTokenMs: null,
        lastTokenMs: null,
        tokens: 0,
    };
}

;// CONCATENATED MODULE: ./src/reference-server/request-reader.ts
const endOfHead = Buffer.from('\r\n\r\n');
const nothing = Buffer.alloc(0);
/**
 * Reads HTTP/1.1 requests off one connection. It knows what load generators send: a request line, headers, and a body
 * of known length.
 */
class RequestReader {
    #pending = nothing;
    #head = null;
    /** Takes the bytes of one packet; returns the requests that are now complete. @throws Error for anything else. */
    take(bytes) {
        this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
        const complete = [];
        for (;;) {
            this.#head ??= this.#takeHead();
            if (this.#head === null || this.#pending.length < this.#head.bodyBytes)
                return complete;
            const { bodyBytes, ...head } = this.#head;
            complete.push({ ...head, body: this.#pending.subarray(0, bodyBytes) });
            this.#pending = this.#pending.subarray(bodyBytes);
            this.#head = null;
        }
    }
    #takeHead() {
        const end = this.#pending.indexOf(endOfHead);
        if (end === -1)
            return null;
        const text = this.#pending.toString('latin1', 0, end);
        this.#pending = this.#pending.subarray(end + endOfHead.length);
        return parseHead(text);
    }
}
function parseHead(text) {
    const [requestLine = '', ...lines] = text.split('\r\n');
    const [method = '', path = '', version = ''] = requestLine.split(' ');
    if (!version.startsWith('HTTP/1.'))
        throw new Error(`not an HTTP/1.1 request: ${requestLine.slice(0, 80)}`);
    const headers = new Map();
    for (const line of lines) {
        const colon = line.indexOf(':');
        headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    if (headers.has('transfer-encoding'))
        throw new Error('a request body without content-length');
    const bodyBytes = Number(headers.get('content-length') ?? 0);
    if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0)
        throw new Error('a content-length that is no length');
    return { method, path, headers, bodyBytes };
}

;// CONCATENATED MODULE: ./src/reference-server/schedule.ts

/**
 * Timers of the system are late by up to two milliseconds: sleep until that long before, then look at the clock in
 * every turn of the event loop, which goes on receiving meanwhile.
 */
const watchMs = 2;
/** Requests that arrive must not wait until everybody who is due has been served. */
const mostPerTurn = 16;
/** Runs tasks at absolute times, so that lateness never adds up. */
class Schedule {
    /** Binary heap, the earliest first. */
    #heap = [];
    #timer;
    #timerDueMs = Number.POSITIVE_INFINITY;
    #immediate;
    add(task) {
        this.#push(task);
        this.#arm();
    }
    /** Forgets all tasks. */
    clear() {
        this.#heap.length = 0;
        clearTimeout(this.#timer);
        clearImmediate(this.#immediate);
        this.#timer = undefined;
        this.#immediate = undefined;
    }
    #turn = () => {
        this.#immediate = undefined;
        for (let done = 0; done < mostPerTurn; done += 1) {
            const next = this.#heap[0];
            if (next === undefined || next.dueMs > monotonicMs())
                break;
            if (next.run())
                this.#sink(0);
            else
                this.#removeFirst();
        }
        this.#arm();
    };
    #wake = () => {
        this.#timer = undefined;
        if (this.#immediate === undefined)
            this.#turn();
    };
    #arm() {
        const next = this.#heap[0];
        if (next === undefined || this.#immediate !== undefined)
            return;
        const waitMs = next.dueMs - monotonicMs();
        if (waitMs <= watchMs + 1) {
            this.#immediate = setImmediate(this.#turn);
            return;
        }
        if (this.#timer !== undefined && this.#timerDueMs <= next.dueMs)
            return;
        clearTimeout(this.#timer);
        this.#timerDueMs = next.dueMs;
        this.#timer = setTimeout(this.#wake, Math.floor(waitMs - watchMs));
    }
    #push(task) {
        const heap = this.#heap;
        let at = heap.push(task) - 1;
        while (at > 0) {
            const parent = (at - 1) >> 1;
            const above = heap[parent];
            if (above.dueMs <= task.dueMs)
                break;
            heap[at] = above;
            at = parent;
        }
        heap[at] = task;
    }
    #removeFirst() {
        const last = this.#heap.pop();
        if (last === undefined || this.#heap.length === 0)
            return;
        this.#heap[0] = last;
        this.#sink(0);
    }
    #sink(from) {
        const heap = this.#heap;
        const task = heap[from];
        let at = from;
        for (;;) {
            let child = 2 * at + 1;
            if (child >= heap.length)
                break;
            if (child + 1 < heap.length && heap[child + 1].dueMs < heap[child].dueMs)
                child += 1;
            const below = heap[child];
            if (below.dueMs >= task.dueMs)
                break;
            heap[at] = below;
            at = child;
        }
        heap[at] = task;
    }
}

;// CONCATENATED MODULE: ./src/reference-server/server.ts












const modelName = 'reference';
/**
 * An OpenAI server without a model: its tokens come by the clock, so what a client reports can be held against what
 * really happened. On bare sockets, since a web framework would be the least exact part of it.
 *
 * Paths: POST /v1/completions, /v1/chat/completions, /tokenize; /log/clear; GET /v1/models, /health, /log.
 */
class ReferenceServer {
    log = [];
    #options;
    #schedule = new Schedule();
    #vocabulary = new Vocabulary();
    #sockets = new Set();
    #server;
    #asked = 0;
    constructor(options) {
        this.#options = options;
        this.#server = (0,external_node_net_namespaceObject.createServer)({ noDelay: true }, (socket) => this.#serve(socket));
    }
    /** @throws ActionError `usage` when the port cannot be had. */
    static async start(options) {
        const reference = new ReferenceServer(options);
        const { host, port } = options;
        await new Promise((resolve, reject) => {
            reference.#server.once('error', (error) => reject(new errors/* ActionError */.l('usage', `--port ${port}: ${(0,errors/* messageOf */.b)(error)}.`, 'Give another port, or 0 for a free one.')));
            reference.#server.listen({ host, port, backlog: 4096 }, resolve);
        });
        return reference;
    }
    get port() {
        const address = this.#server.address();
        return typeof address === 'object' && address !== null ? address.port : this.#options.port;
    }
    /** Closes every connection, whatever it carries. */
    async close() {
        this.#schedule.clear();
        const closed = new Promise((resolve) => this.#server.close(resolve));
        for (const socket of this.#sockets)
            socket.destroy();
        await closed;
    }
    #serve(socket) {
        const reader = new RequestReader();
        /** Requests that came while an earlier one was being answered; null: none is. */
        let waiting = null;
        const answerNext = () => {
            const next = waiting?.shift();
            if (next)
                this.#answer(socket, next, monotonicMs(), answerNext);
            else
                waiting = null;
        };
        this.#sockets.add(socket);
        // A client that goes away is its own business.
        socket.on('error', () => { });
        socket.on('close', () => this.#sockets.delete(socket));
        socket.on('data', (bytes) => {
            const arrivalMs = monotonicMs();
            try {
                for (const request of reader.take(bytes)) {
                    if (waiting !== null)
                        waiting.push(request);
                    else {
                        waiting = [];
                        this.#answer(socket, request, arrivalMs, answerNext);
                    }
                }
            }
            catch (error) {
                sendJson(socket, 400, JSON.stringify({ error: { message: (0,errors/* messageOf */.b)(error) } }), false);
                socket.end();
            }
        });
    }
    #answer(socket, request, arrivalMs, next) {
        const keepsAlive = request.headers.get('connection')?.toLowerCase() !== 'close';
        const onDone = () => {
            if (keepsAlive)
                next();
            else
                socket.end();
        };
        if (request.path === '/v1/completions' || request.path === '/v1/chat/completions') {
            this.#generate({ socket, request, arrivalMs, keepsAlive, onDone });
            return;
        }
        const { status, value } = this.#lookUp(request);
        sendJson(socket, status, JSON.stringify(value), keepsAlive);
        onDone();
    }
    #generate({ socket, request, arrivalMs, keepsAlive, onDone }) {
        const asked = parseGeneration(request.path, request.body);
        if (asked === null) {
            sendJson(socket, 400, '{"error":{"message":"needs prompt (or messages) and max_tokens from 1"}}', keepsAlive);
            onDone();
            return;
        }
        this.#asked += 1;
        const options = this.#options;
        if (this.#asked === options.dieAt)
            process.kill(process.pid, 'SIGKILL');
        const fault = (0,faults/* faultOf */.Kl)(this.#asked, options);
        const script = fault === null ? faults/* soundScript */.JV : faults/* faults */.eu[fault];
        const entry = entryOf(request, asked, { arrivalMs, fault });
        this.log.push(entry);
        if (script.status !== 200) {
            sendJson(socket, script.status, errorBody, keepsAlive);
            onDone();
            return;
        }
        const id = `ref-${this.#asked}`;
        const form = asked.isChat ? chatForm(id, modelName) : completionForm(id, modelName);
        const parts = { socket, form, script, entry, options, wantsUsage: asked.wantsUsage, keepsAlive, onDone };
        this.#schedule.add(asked.streaming ? new StreamedAnswer(parts) : new WholeAnswer(parts));
    }
    #lookUp({ method, path, body }) {
        const route = `${method} ${path}`;
        if (route === 'GET /health')
            return { status: 200, value: { status: 'ok' } };
        if (route === 'GET /v1/models')
            return { status: 200, value: { object: 'list', data: [{ id: modelName, object: 'model' }] } };
        if (route === 'POST /tokenize')
            return this.#tokenize(body);
        if (route === 'GET /log')
            return { status: 200, value: { requests: this.log } };
        if (route === 'POST /log/clear') {
            this.log.length = 0;
            return { status: 200, value: {} };
        }
        return { status: 404, value: { error: { message: `no ${route} here` } } };
    }
    /** Both ways of asking: `prompt` (vLLM) and `content` (llama.cpp). */
    #tokenize(body) {
        const value = parseObject(body);
        const text = value?.prompt ?? value?.content;
        if (typeof text !== 'string')
            return { status: 400, value: { error: { message: 'needs prompt or content' } } };
        const tokens = this.#vocabulary.idsOf(text);
        return { status: 200, value: { tokens, count: tokens.length, max_model_len: 1 << 20 } };
    }
}

;// CONCATENATED MODULE: ./src/reference-server/serve.ts


/**
 * Runs a reference server until the signal fires. Once it listens, one JSON line says so: `{"ready":true,"port":N}`.
 * Its log is written at the end where the options name a file.
 */
async function serveReference(options, signal, print) {
    const server = await ReferenceServer.start(options);
    print(`${JSON.stringify({ ready: true, port: server.port })}\n`);
    await new Promise((resolve) => {
        if (signal.aborted)
            resolve();
        else
            signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await server.close();
    if (options.logFile !== null) {
        await (0,promises_namespaceObject.writeFile)(options.logFile, server.log.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    }
}


/***/ }),

/***/ 975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/compat get default export */
/******/ (() => {
/******/ 	// getDefaultExport function for compatibility with non-harmony modules
/******/ 	__nccwpck_require__.n = (module) => {
/******/ 		var getter = module && module.__esModule ?
/******/ 			() => (module['default']) :
/******/ 			() => (module);
/******/ 		__nccwpck_require__.d(getter, { a: getter });
/******/ 		return getter;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(994);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
