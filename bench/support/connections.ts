// The sender's side of HTTP/1.1 with as little work as can be: a load generator shares the machine with what it measures. Knows
// just what OTLP needs: POST, answers with a length.
import { connect, type Socket } from "node:net";

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly bodyBytes: number;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const HEAD_END = "\r\n\r\n";

/** A number of kept connections to one address; a request waits for a free one. */
export class Connections {
  private readonly idle: Connection[] = [];
  private readonly all = new Set<Connection>();
  private readonly waiting: Waiting[] = [];
  private readonly head: string;

  constructor(
    private readonly url: URL,
    private readonly most: number,
  ) {
    this.head = `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/x-protobuf\r\nContent-Encoding: gzip\r\nContent-Length: `;
  }

  /** @throws Error when nothing is answered. */
  post(bytes: Uint8Array): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = { bytes, resolve, reject };
      const free = this.idle.pop() ?? (this.all.size < this.most ? this.open() : null);
      if (free) free.send(this.head, request);
      else this.waiting.push(request);
    });
  }

  end(): void {
    for (const connection of this.all) connection.end();
  }

  private open(): Connection {
    const connection = new Connection(this.url, {
      free: () => {
        const next = this.waiting.shift();
        if (next) connection.send(this.head, next);
        else this.idle.push(connection);
      },
      gone: () => {
        this.all.delete(connection);
        const at = this.idle.indexOf(connection);
        if (at >= 0) this.idle.splice(at, 1);
        const next = this.waiting.shift();
        if (next) this.open().send(this.head, next);
      },
    });
    this.all.add(connection);
    return connection;
  }
}

class Connection {
  private readonly socket: Socket;
  private asked: Waiting | null = null;
  private text = "";
  private closing = false;

  constructor(
    url: URL,
    private readonly owner: { free(): void; gone(): void },
  ) {
    this.socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true });
    let why = new Error("the connection was closed without an answer");
    this.socket.setEncoding("latin1");
    this.socket.on("data", (part: string) => this.read(part));
    this.socket.on("error", (error) => {
      why = error;
    });
    this.socket.on("close", () => {
      this.asked?.reject(why);
      this.asked = null;
      owner.gone();
    });
  }

  send(head: string, request: Waiting): void {
    this.asked = request;
    this.socket.cork();
    this.socket.write(`${head}${request.bytes.length}${HEAD_END}`, "latin1");
    this.socket.write(request.bytes);
    this.socket.uncork();
  }

  end(): void {
    this.socket.destroy();
  }

  private read(part: string): void {
    this.text += part;
    const headEnd = this.text.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const bodyBytes = Number(/\r\ncontent-length: *(\d+)/i.exec(this.text)?.[1] ?? 0);
    if (this.text.length < headEnd + HEAD_END.length + bodyBytes) return;
    const { asked, text } = this;
    this.text = "";
    this.asked = null;
    this.closing = /\r\nconnection: *close\r\n/i.test(text);
    asked?.resolve({
      status: Number(text.slice(9, 12)),
      retryAfter: /\r\nretry-after: *([^\r]*)/i.exec(text)?.[1],
      bodyBytes,
    });
    if (this.closing) this.socket.destroy();
    else this.owner.free();
  }
}
