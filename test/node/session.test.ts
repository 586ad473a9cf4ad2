import { describe, expect, it, vi } from "vitest";
import { DELETE, POST } from "@/app/api/v1/session/route";
import { Problem } from "@/lib/contract/problem";
import { checkCaller } from "@/lib/server/guard";

vi.mock("server-only", () => ({}));

const TOKEN = "a token, 16 or more; with = and %41";

/** The house as the routes find it: one a process, under this symbol. */
function houseWith(token: string | undefined): void {
  const config = { token, allowedHosts: [], corsOrigins: [] };
  (globalThis as Record<symbol, unknown>)[Symbol.for("headwater.house")] = Promise.resolve({ config });
}

const ask = (body: unknown, headers: Record<string, string> = {}, url = "http://localhost:3000"): Promise<Response> =>
  POST(
    new Request(`${url}/api/v1/session`, {
      method: "POST",
      headers: { host: new URL(url).host, "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );

describe("opening a session", () => {
  it("sets a cookie that the guard takes, out of reach of scripts and other sites", async () => {
    houseWith(TOKEN);
    const response = await ask({ token: TOKEN });
    expect(response.status).toBe(204);
    const [pair, ...flags] = response.headers.get("set-cookie")!.split("; ");
    expect(flags).toEqual(["Path=/", "HttpOnly", "SameSite=Strict"]);
    const [name, value] = pair!.split("=");
    expect(name).toBe("headwater_token");
    const caller = { host: "localhost:3000", origin: undefined, authorization: undefined };
    const settings = { token: TOKEN, allowedHosts: [], corsOrigins: [] };
    expect(checkCaller({ ...caller, cookie: decodeURIComponent(value!) }, settings).ok).toBe(true);
    expect(checkCaller(caller, settings).ok).toBe(false);
  });

  it("keeps the cookie to https where that is what the browser speaks", async () => {
    houseWith(TOKEN);
    expect((await ask({ token: TOKEN }, {}, "https://map.example.com")).headers.get("set-cookie")).toContain(
      "; Secure",
    );
    const forwarded = await ask({ token: TOKEN }, { "x-forwarded-proto": "https" });
    expect(forwarded.headers.get("set-cookie")).toContain("; Secure");
  });

  it("refuses whatever is not the token, whoever else asks with it", async () => {
    houseWith(TOKEN);
    const known = { authorization: `Bearer ${TOKEN}`, cookie: `headwater_token=${encodeURIComponent(TOKEN)}` };
    for (const token of [`${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase(), " ", "\n", "é", `x\n${TOKEN}`]) {
      const response = await ask({ token }, known);
      expect(response.status, JSON.stringify(token)).toBe(401);
      expect(response.headers.get("set-cookie")).toBeNull();
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(Problem.parse(await response.json()).detail).toBe("This is not the token of this server.");
    }
  });

  it("refuses what is no request for a session, naming what is wrong", async () => {
    houseWith(TOKEN);
    for (const [body, status, detail] of [
      ["{", 400, "the body is not JSON"],
      ["", 400, "the body is not JSON"],
      [{}, 400, "token: "],
      [{ token: "" }, 400, "token: "],
      [{ token: 5 }, 400, "token: "],
      [{ token: "x".repeat(5000) }, 413, "larger than 4096 bytes"],
    ] as const) {
      const response = await ask(body);
      expect(response.status, JSON.stringify(body).slice(0, 40)).toBe(status);
      expect(Problem.parse(await response.json()).detail).toContain(detail);
    }
  });

  it("is for pages of this server only", async () => {
    houseWith(TOKEN);
    expect((await ask({ token: TOKEN }, { origin: "https://evil.example" })).status).toBe(403);
    expect((await ask({ token: TOKEN }, { origin: "http://localhost:3000" })).status).toBe(204);
  });

  it("has nothing to keep where there is no token", async () => {
    houseWith(undefined);
    const response = await ask({ token: "anything" });
    expect(response.status).toBe(204);
    expect(response.headers.get("set-cookie")).toBeNull();
    expect((await ask({ token: "anything" }, { host: "evil.example" })).status).toBe(421);
  });
});

describe("closing a session", () => {
  it("takes the cookie back, known or not", async () => {
    houseWith(TOKEN);
    const request = (origin?: string): Request =>
      new Request("http://localhost:3000/api/v1/session", {
        method: "DELETE",
        headers: { host: "localhost:3000", ...(origin && { origin }) },
      });
    const response = await DELETE(request());
    expect(response.status).toBe(204);
    expect(response.headers.get("set-cookie")).toMatch(/^headwater_token=; .*; Max-Age=0$/);
    expect((await DELETE(request("https://evil.example"))).status).toBe(403);
  });
});
