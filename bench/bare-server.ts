// The baseline of everything that goes over HTTP: a node:http server that inflates what comes and throws it away, and gives
// back what it was told to keep. Whatever a real server adds, it adds to this.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

const CHUNK = 1 << 20;
const LIMIT = 64 << 20;
let kept = { type: "application/octet-stream", bytes: Buffer.alloc(0) };
let page = Buffer.alloc(0);
let probes = 0;

async function read(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts) as Buffer<ArrayBuffer>;
}

const server = createServer({ noDelay: true }, (request, response) => {
  const answer = async (): Promise<void> => {
    if (request.method === "POST") {
      const bytes = await read(request);
      if (request.url === "/kept") kept = { type: "application/json", bytes };
      else if (request.url === "/page") page = bytes;
      else if (request.url === "/probe") probes++;
      else gunzipSync(bytes, { chunkSize: CHUNK, maxOutputLength: LIMIT });
      response.writeHead(200, { "content-length": 0 }).end();
    } else if (request.url === "/probes") response.end(String(probes));
    else if (request.url === "/page") response.writeHead(200, { "content-type": "text/html" }).end(page);
    else if (request.url === "/kept") response.writeHead(200, { "content-type": kept.type }).end(kept.bytes);
    else response.writeHead(404).end();
  };
  answer().catch((error: unknown) => {
    response.writeHead(500).end(String(error));
  });
});
server.listen(0, "127.0.0.1", () => process.send!({ port: (server.address() as AddressInfo).port }));
process.once("disconnect", () => process.exit());
