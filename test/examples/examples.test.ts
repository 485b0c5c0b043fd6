import { afterAll, describe, expect, test } from "bun:test";
import { Glob } from "bun";
import recorded from "../fixtures/model-streams.json" with { type: "json" };
import type { ReceivedClip } from "../support/fake-socket.ts";
import { mustRun, ROOT, tool } from "../support/run.ts";
import { Dm20Client } from "../support/server.ts";
import { Example } from "./example.ts";

const FOLDER = `${ROOT}/examples`;
const BUN = process.execPath;
const DENO = [tool("deno"), "run", "--no-prompt"];

test("no example is longer than a screen", async () => {
  const files = await Array.fromAsync(new Glob("*").scan(FOLDER));
  expect(files.length).toBeGreaterThan(6);
  for (const file of files) {
    const lines = (await Bun.file(`${FOLDER}/${file}`).text()).trimEnd().split("\n").length;
    expect(lines, file).toBeLessThanOrEqual(40);
  }
});

test("Deno's examples are well typed", async () => {
  await mustRun([tool("deno"), "check", `${FOLDER}/deno-server.ts`, `${FOLDER}/deno-deploy.ts`]);
}, 60_000);

/** Speech, not just bytes: a WAV clip as long as it says, at 24 kHz, with something in it. */
function expectSpeech({ bytes, durationMs }: ReceivedClip): void {
  expect(durationMs).toBeGreaterThan(200);
  expect(Math.abs((bytes.length - 44) / 2 / 24_000 - durationMs / 1000)).toBeLessThan(0.01);
  expect(bytes.subarray(44).some((byte) => byte !== 0)).toBe(true);
}

describe("a server on each runtime greets who joins, and speaks", () => {
  for (const [runtime, command] of [
    ["Bun", [BUN, `${FOLDER}/bun-server.ts`]],
    ["Node.js", ["node", `${FOLDER}/node-server.mjs`]],
    ["Deno", [...DENO, "--allow-net", "--allow-read", "--allow-env", `${FOLDER}/deno-server.ts`]],
  ] as const) {
    test(`on ${runtime}`, async () => {
      const example = Example.start(command);
      const [thorin, elara] = [await example.join("thorin"), await example.join("elara")];
      expect(await example.speak({ text: "The dragon roars!" })).toMatchObject({
        delivered: true,
        listeners: 2,
      });
      for (const [name, client] of Object.entries({ thorin, elara })) {
        // The greeting has two sentences, the line one.
        await client.untilClips(3);
        expect(client.of("private").map(({ content }) => content)).toEqual([`Well met, ${name}. Sit down.`]);
        for (const clip of client.clips) expectSpeech(clip);
      }
      expect(await example.interrupt()).toBe(0);
    }, 30_000);
  }
});

test("where there are no workers and no files, a speech service speaks", async () => {
  const asked: unknown[] = [];
  const service = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      asked.push([request.headers.get("Authorization"), await request.json()]);
      return new Response(Int16Array.from({ length: 24_000 }, (_, i) => 9_000 * Math.sin(i / 9)));
    },
  });
  afterAll(() => service.stop(true));
  const command = [...DENO, "--allow-net", "--allow-env", `--preload=${ROOT}/test/examples/no-worker.js`];
  const example = Example.start([...command, `${FOLDER}/deno-deploy.ts`], {
    DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0",
    BARDCAST_DM_TOKEN: "the-dm",
    SPEECH_URL: `${service.url}v1/audio/speech`,
    SPEECH_KEY: "a-key",
  });
  const url = await example.found(/(http:\S+)\//);
  const headers = { Authorization: "Bearer the-dm", "Content-Type": "application/json" };
  const { players } = await (await fetch(`${url}/api/invites`, { headers })).json();
  const thorin = new Dm20Client(`${url}/ws?token=${players[0].token}`);
  await thorin.until("connected", 1);
  const body = JSON.stringify({ text: "No hands." });
  const report = await (await fetch(`${url}/api/speak`, { method: "POST", headers, body })).json();
  expect(report).toMatchObject({ delivered: true, engines: ["service"] });
  await thorin.untilClips(1);
  for (const clip of thorin.clips) expectSpeech(clip);
  expect(asked).toEqual([
    ["Bearer a-key", { model: "tts-1", voice: "onyx", input: "No hands.", response_format: "pcm" }],
  ]);
}, 30_000);

test("a table under a path of one's own site", async () => {
  const example = Example.start([BUN, `${FOLDER}/hono-mount.ts`]);
  const link = await example.found(/^thorin joins with (\S+)$/m);
  const { origin, pathname } = new URL(link);
  expect(pathname).toBe("/table/play");
  expect(await (await fetch(origin)).text()).toContain("Prancing Pony");
  expect((await fetch(link)).status).toBe(200);
  const thorin = await example.join("thorin");
  expect(await example.speak({ text: "The dragon roars!" })).toMatchObject({ delivered: true });
  await thorin.untilClips(1);
  for (const clip of thorin.clips) expectSpeech(clip);
}, 30_000);

test("a model's story is heard before the model has finished it", async () => {
  const example = Example.start([BUN, `${FOLDER}/llm-deltas.ts`]);
  const thorin = await example.join("thorin");
  await thorin.untilClips(1);
  expect(example.printed).not.toContain("The model has finished.");
  expect(await example.found(/^(\d) sentences/m)).toBe("4");
  await thorin.untilClips(4);
  for (const clip of thorin.clips) expectSpeech(clip);
}, 30_000);

test("a scene that a model streams is said by those whom it names", async () => {
  const events = recorded["OpenAI's Responses"].map(
    (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
  );
  const asked: unknown[] = [];
  const model = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      asked.push([new URL(request.url).pathname, ((await request.json()) as { stream: boolean }).stream]);
      return new Response(events.join(""), { headers: { "Content-Type": "text/event-stream" } });
    },
  });
  afterAll(() => model.stop(true));
  const environment = { OPENAI_API_KEY: "a-key", OPENAI_BASE_URL: `${model.url}v1` };
  const example = Example.start([BUN, `${FOLDER}/model-stream.ts`], environment);
  const thorin = await example.join("thorin");
  expect(await example.found(/^(\d sentences, .*)$/m)).toBe(
    "5 sentences, said by the DM and by Mara, Thorin.",
  );
  expect(asked).toEqual([["/v1/responses", true]]);
  await thorin.untilClips(5);
  for (const clip of thorin.clips) expectSpeech(clip);
}, 30_000);
