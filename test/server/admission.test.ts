// Who is let in, and how much at once: tokens, Host and Origin on every port, and the cap on bytes in flight.
import { request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import type { Sources } from "@/lib/contract/sources";
import { eventually } from "@/test/helpers/server-process";
import { call, frame, type HttpOptions, send, statusIn, TRACE_EXPORT } from "@/test/helpers/server-requests";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";
import { serving } from "@/test/helpers/serving";

const good = protobufOf([{}]);

describe("bytes in flight have a cap", () => {
  const MIB = 1 << 20;
  const here = serving({ HEADWATER_IN_FLIGHT_MIB: "8" });

  /** A request that announces a body and sends only its beginning. */
  function hold(bytes: number): { finish(): Promise<number> } {
    const sending = request(here.server.traces, {
      method: "POST",
      headers: { ...PROTOBUF, "content-length": String(bytes) },
      agent: false,
    });
    // Field 15, unknown here: as long as it has to be, and skipped.
    const head = Buffer.from([0x7a, ...varint(bytes - 1 - varint(bytes - 5).length)]);
    const body = Buffer.concat([head, Buffer.alloc(bytes - head.length)]);
    const status = new Promise<number>((resolve, reject) => {
      sending.on("response", (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      sending.on("error", reject);
    });
    sending.write(body.subarray(0, 1000));
    return {
      finish: () => {
        sending.end(body.subarray(1000));
        return status;
      },
    };
  }

  function varint(value: number): number[] {
    const bytes: number[] = [];
    for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
    return [...bytes, value];
  }

  it("above it, requests are told to come again before their bodies are read; afterwards all is as before", async () => {
    const { server } = here;
    const held = [hold(5 * MIB)];
    const ask = () => send(server.traces, { headers: PROTOBUF, body: Buffer.alloc(4 * MIB) });
    const refused = await eventually(ask, ({ status }) => status === 503, 5000);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(statusIn(refused.body)).toMatchObject({ code: 14, message: expect.stringMatching(/in flight/) });

    const grpc = await call(server.grpc, [frame(Buffer.alloc(4 * MIB))], {
      headers: { "content-length": String(4 * MIB + 5) },
    });
    expect(grpc.code).toBe(14);
    expect(grpc.text).toMatch(/in flight/);

    // What fits beside it is taken, and what was refused left no room behind.
    for (let i = 0; i < 20; i++) {
      expect((await send(server.traces, { headers: PROTOBUF, body: good })).status).toBe(200);
      expect((await ask()).status).toBe(503);
    }
    expect(await Promise.all(held.map(({ finish }) => finish()))).toEqual([200]);
    expect((await call(server.grpc, [frame(good)])).code).toBe(0);
    const { status } = await eventually(
      () => send(server.traces, { headers: PROTOBUF, body: Buffer.concat([protobufOf([{}]), protobufOf([{}])]) }),
      (answer) => answer.status === 200,
    );
    expect(status).toBe(200);
  });

  it("what is announced and does not come holds its room for five seconds, and may still come then", async () => {
    const { server } = here;
    const held = [hold(4 * MIB), hold(4 * MIB)];
    const ask = () => send(server.traces, { headers: PROTOBUF, body: Buffer.alloc(4 * MIB) });
    expect((await eventually(ask, ({ status }) => status === 503, 5000)).status).toBe(503);
    const since = Date.now();
    expect((await eventually(ask, ({ status }) => status !== 503, 10_000)).status).toBe(400);
    expect(Date.now() - since).toBeLessThan(8_000);
    for (const { finish } of held) expect(await finish()).toBe(200);
    for (let i = 0; i < 20; i++) expect((await ask()).status).toBe(400);
  });

  it("a gRPC message without a length counts as what has come of it", async () => {
    const { server } = here;
    const session = connectHttp2(`http://${server.grpc}`, { maxSessionMemory: 128 });
    const stream = session.request({ ":method": "POST", ":path": TRACE_EXPORT, "content-type": "application/grpc" });
    stream.on("error", () => {});
    stream.write(frame(Buffer.alloc(7 * MIB)).subarray(0, 6 * MIB));
    const ask = () => send(server.traces, { headers: PROTOBUF, body: Buffer.alloc(3 * MIB) });
    expect((await eventually(ask, ({ status }) => status === 503, 5000)).status).toBe(503);
    session.destroy();
    expect((await eventually(ask, ({ status }) => status !== 503, 5000)).status).toBe(400);
  });

  it("senders that vanish in the middle of a body give their room back", async () => {
    const { server } = here;
    for (let i = 0; i < 10; i++) {
      const socket = connect(Number(new URL(server.traces).port), "127.0.0.1");
      socket.write(
        `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${7 * MIB}\r\n\r\nx`,
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.destroy();
    }
    const { status } = await eventually(
      () => send(server.traces, { headers: PROTOBUF, body: protobufOf(Array.from({ length: 20_000 }, () => ({}))) }),
      (answer) => answer.status === 200,
      10_000,
    );
    expect(status).toBe(200);
  });
});

describe("Host and Origin, on a server without a token", () => {
  const here = serving({ HEADWATER_ALLOWED_HOSTS: "maps.internal", HEADWATER_CORS_ORIGINS: "https://shop.example" });
  const api = (path: string, options: HttpOptions) => send(`${here.server.base}${path}`, options);
  const otlp = (headers: Record<string, string>, method = "POST") =>
    send(here.server.traces, {
      method,
      headers: { ...PROTOBUF, ...headers },
      ...(method === "POST" && { body: good }),
    });

  it("a Host that is not this machine's is refused on all three ports: a page cannot reach in by its own name", async () => {
    const host = "attacker.example";
    for (const path of ["/api/v1/graph", "/api/v1/sources", "/api/v1/traces/1", "/api/v1/graph/stream"])
      expect((await api(path, { method: "GET", headers: { host } })).status).toBe(421);
    expect((await api("/api/v1/import", { headers: { host }, body: "[]" })).status).toBe(421);
    expect((await otlp({ host })).status).toBe(421);
    expect(await call(here.server.grpc, [frame(good)], { headers: { ":authority": host } })).toMatchObject({ code: 7 });
  });

  it("names of this machine, with and without a port, and configured ones are answered", async () => {
    for (const host of ["localhost", "LOCALHOST:3000", "127.0.0.1:1", "[::1]:3000", "maps.internal:8080"]) {
      expect((await api("/api/v1/graph", { method: "GET", headers: { host } })).status).toBe(200);
      expect((await otlp({ host })).status).toBe(200);
    }
    expect((await call(here.server.grpc, [frame(good)], { headers: { ":authority": "maps.internal" } })).code).toBe(0);
  });

  it.each(["https://attacker.example", "http://localhost:1", "null"])(
    "a POST from the page %s is refused",
    async (origin) => {
      expect((await api("/api/v1/import", { headers: { origin }, body: "[]" })).status).toBe(403);
      expect((await otlp({ origin })).status).toBe(403);
      expect((await call(here.server.grpc, [frame(good)], { headers: { origin } })).code).toBe(7);
    },
  );

  it("a cross-site POST without an Origin is known by what the browser says of it", async () => {
    const headers = { "sec-fetch-site": "cross-site" };
    expect((await api("/api/v1/import", { headers, body: "[]" })).status).toBe(403);
    expect((await api("/api/v1/import", { headers: { "sec-fetch-site": "same-origin" }, body: "[]" })).status).toBe(
      200,
    );
  });

  it("a configured page may send spans, and its browser is told so", async () => {
    const origin = "https://shop.example";
    const asked = await otlp({ origin, "access-control-request-headers": "content-type" }, "OPTIONS");
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
    });
    const taken = await otlp({ origin });
    expect(taken.status).toBe(200);
    expect(taken.headers["access-control-allow-origin"]).toBe(origin);
  });
});

describe("a token", () => {
  const token = "correct horse battery staple";
  const here = serving({ HEADWATER_TOKEN: token, HEADWATER_CORS_ORIGINS: "https://shop.example" });
  const bearer = { authorization: `Bearer ${token}` };
  const WRONG: Record<string, Record<string, string>> = {
    none: {},
    wrong: { authorization: "Bearer correct horse battery stable" },
    shorter: { authorization: "Bearer correct" },
    "of another scheme": { authorization: `Basic ${Buffer.from(`x:${token}`).toString("base64")}` },
    "as a bare header": { authorization: token },
  };

  describe.each(Object.entries(WRONG))("that is %s", (_name, headers) => {
    it("opens no door", async () => {
      const { server } = here;
      for (const path of ["/api/v1/graph", "/api/v1/graph/stream", "/api/v1/sources", "/api/v1/traces/1"]) {
        const answer = await send(`${server.base}${path}`, { method: "GET", headers });
        expect(answer.status).toBe(401);
        expect(JSON.parse(answer.body.toString())).toMatchObject({
          status: 401,
          detail: expect.stringMatching(/Authorization: Bearer/),
        });
      }
      expect((await send(`${server.base}/api/v1/import`, { headers, body: "[]" })).status).toBe(401);
      const otlp = await send(server.traces, { headers: { ...PROTOBUF, ...headers }, body: good });
      expect(otlp.status).toBe(401);
      expect(statusIn(otlp.body).code).toBe(16);
      expect((await call(server.grpc, [frame(good)], { headers })).code).toBe(16);
    });
  });

  it("is not needed to ask whether the server is well", async () => {
    for (const path of ["/healthz", "/readyz"])
      expect(
        (await send(`${here.server.base}${path}`, { method: "GET", headers: { host: "probe.internal" } })).status,
      ).toBe(200);
  });

  it("is not asked of a browser that asks whether it may send, only when it sends", async () => {
    const { server } = here;
    const headers = {
      host: "maps.example",
      origin: "https://shop.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    };
    const asked = await send(server.traces, { method: "OPTIONS", headers });
    expect(asked.status).toBe(204);
    expect(asked.headers["access-control-allow-headers"]).toBe("authorization,content-type");
    const sent = { ...PROTOBUF, host: "maps.example", origin: "https://shop.example" };
    expect((await send(server.traces, { headers: sent, body: good })).status).toBe(401);
    expect((await send(server.traces, { headers: { ...sent, ...bearer }, body: good })).status).toBe(200);
    expect(
      (await send(server.traces, { method: "OPTIONS", headers: { ...headers, origin: "https://attacker.example" } }))
        .status,
    ).toBe(403);
  });

  it("is asked for before a body is read", async () => {
    const { server } = here;
    for (const url of [server.traces, `${server.base}/api/v1/import`]) {
      const answered = new Promise<number>((resolve, reject) => {
        const sending = request(url, {
          method: "POST",
          agent: false,
          headers: { ...PROTOBUF, "content-length": String(10 << 20) },
        });
        sending.on("response", ({ statusCode }) => {
          resolve(statusCode!);
          sending.destroy();
        });
        sending.on("error", reject);
        sending.write("x"); // and nothing more
      });
      expect(await answered).toBe(401);
    }
  });

  it("that is right opens all of them, from any name", async () => {
    const { server } = here;
    const sources = await send(`${server.base}/api/v1/sources`, {
      method: "GET",
      headers: { ...bearer, host: "maps.example" },
    });
    expect(JSON.parse(sources.body.toString()) as Sources).toMatchObject({ token: true });
    expect((await send(server.traces, { headers: { ...PROTOBUF, ...bearer }, body: good })).status).toBe(200);
    expect((await call(server.grpc, [frame(good)], { headers: bearer })).code).toBe(0);
    const cookie = `other=1; headwater_token=${encodeURIComponent(token)}`;
    expect((await send(`${server.base}/api/v1/graph`, { method: "GET", headers: { cookie } })).status).toBe(200);
  });
});
