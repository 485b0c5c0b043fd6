/** Limits that docs/reliability.md names and that nothing else reaches: what happens there, at the limit itself. */
import { expect, spyOn, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { WAV_HEADER_BYTES } from "../../src/core/dsp/wav.ts";
import { MAX_PREPARED_LINES } from "../../src/core/protocol/prepared-line.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const engine = new ToneEngine();
const server = await startServer({ engines: [engine], cache: false, wyoming: { port: 0 } });
const { party } = server;

const json = (body: unknown, method = "POST"): RequestInit => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});
const preview = (text: string): Promise<Response> => server.call("/preview", json({ text }));

test("four lines are made at once to be heard first; one more is told to come again, and then is made", async () => {
  const lines = ["One.", "Two.", "Three.", "Four."];
  const release = lines.map((text) => engine.hold(text));
  using begun = spyOn(party, "render");
  const made = lines.map(preview);
  await until(() => begun.mock.calls.length === lines.length);
  const fifth = await preview("Five.");
  for (const go of release) go();
  expect([fifth.status, (await fifth.json()).error.code]).toEqual([503, "busy"]);
  expect((await Promise.all(made)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await preview("Five.")).status).toBe(200);
});

test("of a line that is heard first there are three minutes, and it is said that more is missing", async () => {
  // A character is 30 ms of sound.
  const slow = new ToneEngine({ samplesPerChar: 240 });
  const own = await startServer({ engines: [slow], cache: false });
  const response = await own.call(
    "/preview",
    json({ text: "And so it goes on and on and on. ".repeat(250) }),
  );
  expect(response.headers.get("Bardcast-Incomplete")).toBe("too-long");
  expect((await response.bytes()).length - WAV_HEADER_BYTES).toBe(180 * 24_000 * 2);
});

test("three hundred lines are prepared, and no more", async () => {
  const put = (count: number): Promise<Response> => {
    const lines = Array.from({ length: count }, (_, at) => ({
      id: `${at}`,
      group: "",
      line: { text: "Run!" },
    }));
    return server.call("/lines", json({ lines }, "PUT"));
  };
  expect((await put(MAX_PREPARED_LINES)).status).toBe(200);
  const refused = await put(MAX_PREPARED_LINES + 1);
  expect([refused.status, (await refused.json()).error.code]).toEqual([400, "bad-request"]);
});

test("a page of the log has a hundred lines, and no more", async () => {
  expect((await server.call("/log?limit=100")).status).toBe(200);
  const refused = await server.call("/log?limit=101");
  expect([refused.status, (await refused.json()).error.code]).toEqual([400, "bad-request"]);
});

test("what a player tells by POST /action is read up to 64 KiB", async () => {
  const token = await party.tokens.issue("thorin");
  const tell = (filler: number): Promise<Response> =>
    fetch(`${server.url}/action`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify({ action: "I wait." }) + " ".repeat(filler),
    });
  expect((await tell(60 * 1024)).status).toBe(200);
  expect((await tell(64 * 1024)).status).toBe(413);
});

test("256 programs are connected by Wyoming; one more is hung up on, and finds room when one has left", async () => {
  const open: Socket[] = [];
  const isClosed = new Set<Socket>();
  const come = (): Socket => {
    const socket = connect(Number(new URL(server.wyomingUrl).port), "127.0.0.1");
    socket.on("error", () => undefined).on("close", () => isClosed.add(socket));
    open.push(socket);
    return socket;
  };
  /** Whether it is answered; else it is hung up on. */
  const isHeard = async (socket: Socket): Promise<boolean> => {
    let has = false;
    socket.once("data", () => {
      has = true;
    });
    socket.write('{"type":"describe"}\n');
    await until(() => has || isClosed.has(socket));
    return has;
  };
  const all = Array.from({ length: 256 }, come);
  expect(await Promise.all(all.map(isHeard))).toEqual(all.map(() => true));
  expect(await isHeard(come())).toBe(false);
  all[0]?.destroy();
  // The server learns of it in its own time.
  while (!(await isHeard(come()))) await Bun.sleep(5);
  for (const socket of open) socket.destroy();
});

test("256 sessions of MCP are open; one more person is told to come again, who has one begins another all the same", async () => {
  const begin = async (token: string): Promise<Response> =>
    fetch(`${server.url}/mcp`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: {
          protocolVersion: "2025-06-18",
          capabilities: {},
          clientInfo: { name: "test", version: "1" },
        },
      }),
    });
  const tokens: string[] = [];
  for (let person = 0; person < 32; person++)
    tokens.push((await party.guests.invite("service", `service ${person}`)).token);
  for (const token of tokens)
    for (let session = 0; session < 8; session++) {
      const begun = await begin(token);
      expect(begun.status).toBe(200);
      await begun.text();
    }
  const late = await begin((await party.guests.invite("service", "late")).token);
  expect([late.status, (await late.json()).error.code]).toEqual([503, "busy"]);
  const again = await begin(tokens[0] ?? "");
  expect(again.status).toBe(200);
  await again.text();
});
