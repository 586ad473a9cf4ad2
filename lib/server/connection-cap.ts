// How many connections a door holds. When it is full, the one that has been without a request for longest goes, not the one that
// comes: a thousand connections that say nothing keep nobody out.
import type { Server } from "node:http";
import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

/** The most of one door. */
export const MOST_CONNECTIONS = 2_048;

/** So many times the cap may come at once before new ones are closed unheard. */
const BURST = 4;

class ConnectionCap<Connection extends { destroy(): unknown }> {
  private open = 0;
  private trimming = false;
  /** Without a request, the longest first. */
  private readonly idle = new Set<Connection>();

  constructor(private readonly most: number) {}

  opened(connection: Connection): void {
    this.open++;
    this.idle.add(connection);
    if (this.open <= this.most || this.trimming) return;
    this.trimming = true;
    // First what has come already is read: of those accepted in one go, some may have sent a request with their greeting.
    setImmediate(() => setImmediate(() => this.trim()));
  }

  private trim(): void {
    this.trimming = false;
    let over = this.open - this.most;
    for (const longest of this.idle) {
      if (over-- <= 0) return;
      this.idle.delete(longest);
      longest.destroy();
    }
  }

  closed(connection: Connection): void {
    this.open--;
    this.idle.delete(connection);
  }

  begins(connection: Connection): void {
    this.idle.delete(connection);
  }

  ends(connection: Connection & { readonly destroyed: boolean }): void {
    if (!connection.destroyed) this.idle.add(connection);
  }
}

export function capHttp(server: Server, most = MOST_CONNECTIONS): void {
  const cap = new ConnectionCap<Socket>(most);
  server.maxConnections = BURST * most;
  server.on("connection", (socket) => {
    cap.opened(socket);
    socket.once("close", () => cap.closed(socket));
  });
  server.on("request", ({ socket }, response) => {
    cap.begins(socket);
    response.once("close", () => cap.ends(socket));
  });
}

/** Sessions with an open call are busy; one at a time is enough to be that. */
export function capHttp2(server: Http2Server, most = MOST_CONNECTIONS): void {
  const cap = new ConnectionCap<ServerHttp2Session>(most);
  server.maxConnections = BURST * most;
  server.on("session", (session) => {
    let calls = 0;
    cap.opened(session);
    session.once("close", () => cap.closed(session));
    session.on("stream", (stream) => {
      if (calls++ === 0) cap.begins(session);
      stream.once("close", () => {
        if (--calls === 0) cap.ends(session);
      });
    });
  });
}
