import { expect, test } from "bun:test";
import { startServer } from "../support/server.ts";
import { HttpService } from "../support/services/http-service.ts";
import { until } from "../support/table.ts";

/** One second of sound. */
const SOUND = new Uint8Array(48_000).map((_, at) => (at % 2 === 1 ? (at >> 6) & 15 : 0));
let isWell = false;
const service = await HttpService.start(() =>
  isWell
    ? { headers: { "Content-Type": "audio/pcm" }, parts: [SOUND] }
    : { status: 503, parts: ["overloaded"] },
);
const log: string[] = [];
const server = await startServer({
  engines: [{ engine: "openai", options: { baseUrl: `${service.url}/v1` } }, "espeak"],
  tiers: { speed: ["openai", "espeak"] },
  health: { firstProbeMs: 20, maxProbeMs: 50 },
  log: (message) => log.push(message),
  cache: false,
});

const HALF = "half \ud83d\x1b x";
/** A half of a character, or a control character, as JSON escapes them. */
const NO_TEXT = /\\u(?:d[89a-f]|00[01])/i;

test("a service that failed on half a character is tried until it is well, and then speaks again", async () => {
  const thorin = await server.join("thorin");
  const report = await (await server.speak({ text: "A line with half \ud83d an emoji." })).json();
  expect(report).toMatchObject({ delivered: true, engines: ["espeak"] });
  const engines = async () => (await server.party.status()).engines;
  expect((await engines())[0]?.outOfOrder).toContain("503");
  const asked = service.asked.length;
  await until(() => service.asked.length > asked + 2);
  isWell = true;
  while ((await engines())[0]?.outOfOrder !== undefined) await Bun.sleep(5);
  expect(
    log.filter((line) => line.startsWith('the engine "openai"')).map((line) => line.split(",")[0]),
  ).toEqual(['the engine "openai" is out of order', 'the engine "openai" speaks again']);
  expect(await (await server.speak({ text: "And another one." })).json()).toMatchObject({
    engines: ["openai"],
  });
  thorin.socket.close();
});

test("no door lets half a character or a control character in", async () => {
  isWell = true;
  await server.silence();
  const thorin = await server.join("thorin");
  const npc = { name: HALF, race: HALF, gender: HALF };
  const answers: string[] = [];
  const take = async (answer: Promise<Response>): Promise<void> =>
    void answers.push(await (await answer).text());
  await take(server.speak({ text: `${HALF}.`, npc, voice: { voiceId: HALF, instructions: HALF } }));
  await take(server.speak({ text: "Run!", speaker: HALF, to: [HALF] }));
  await take(server.speak({ text: "Run!", context: HALF }));
  await take(server.speak({ text: "Run!", [HALF]: 1 }));
  await take(
    server.call("/prepare", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text: `${HALF}!`, speaker: HALF }),
    }),
  );
  // A query has whole characters only, but any control character.
  const query = new URLSearchParams({ speaker: "mara\x1b", npc: JSON.stringify(npc), voice: "x\x07" });
  const bytes = new TextEncoder().encode("The 🐉 and\0 the \x1b[31mcave.");
  await take(
    server.call(`/speak?${query}`, {
      method: "POST",
      headers: { "Content-Type": "text/plain" },
      body: new ReadableStream<Uint8Array>({
        async start(controller) {
          for (const byte of bytes) {
            controller.enqueue(Uint8Array.of(byte));
            await Bun.sleep(1);
          }
          controller.close();
        },
      }),
    }),
  );
  const socket = new WebSocket(`${server.url}/ws?token=${server.dmToken}`, "bardcast.v2");
  const heard: string[] = [];
  socket.onmessage = ({ data }) => typeof data === "string" && heard.push(data);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  socket.send(JSON.stringify({ type: "hello", codecs: ["opus"] }));
  socket.send(JSON.stringify({ type: "speak", text: `${HALF}?`, speaker: HALF, to: ["thorin"] }));
  socket.send(JSON.stringify({ type: "speak", text: "Run!", to: [HALF] }));
  await until(() => heard.some((message) => message.includes("unknown-player")));
  await until(() => thorin.of("private").length === 1);
  expect(thorin.of("narrative").map(({ content }) => content)).toEqual([
    "half \ufffd\ufffd x.",
    "The 🐉 and\ufffd the \ufffd[31mcave.",
  ]);
  expect(thorin.of("private")[0]).toMatchObject({
    content: "half \ufffd\ufffd x?",
    from: "half \ufffd\ufffd x",
  });
  const status = await (await server.call("/status")).text();
  const asked = JSON.stringify(service.asked.map(({ body }) => body));
  for (const seen of [JSON.stringify(thorin.messages), status, asked, ...heard, ...answers]) {
    expect(seen).not.toMatch(NO_TEXT);
  }
  socket.close();
  thorin.socket.close();
});
