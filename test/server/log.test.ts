// The log of a running server is lines of JSON, whatever senders, files and variables hold.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { eventsIn } from "@/test/helpers/log-events";
import { dropFolder, makeFolder, Server } from "@/test/helpers/server-process";
import { send } from "@/test/helpers/server-requests";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";

const PAYLOAD = '\r\n{"level":"info","event":"forged"}\r\n\u001b[2J\u2028x\u2029';

it("hostile names in variables, headwater.yaml, requests and spans give one event each, or none", async () => {
  const folder = makeFolder();
  const config = join(folder, "headwater.yaml");
  writeFileSync(config, `objectives: { checkout: { availability: ${JSON.stringify(PAYLOAD)} } }\n`);
  const server = await Server.start(join(folder, "data"), {
    HEADWATER_CONFIG: config,
    [`HEADWATER_${PAYLOAD}`]: "1",
  });
  try {
    const hostile = protobufOf([{ service: PAYLOAD, name: PAYLOAD, attributes: { [PAYLOAD]: PAYLOAD } }]);
    expect((await send(server.traces, { headers: PROTOBUF, body: hostile })).status).toBe(200);
    expect((await send(server.traces, { headers: PROTOBUF, body: Buffer.from(PAYLOAD) })).status).toBe(400);
    await fetch(`${server.base}/api/v1/traces/${encodeURIComponent(PAYLOAD)}`);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    const events = eventsIn(server.errors);
    expect(events.map(({ event }) => event).sort()).toEqual(["declaration", "unknown_setting"]);
    for (const { message } of events) expect(message).toContain("forged");
    for (const forbidden of ["\r", "\u001b", "\u2028", "\u2029"]) expect(server.errors).not.toContain(forbidden);
  } finally {
    await server.stop();
    dropFolder(folder);
  }
});
