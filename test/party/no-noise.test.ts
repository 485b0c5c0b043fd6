import { afterAll, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { floatToInt16 } from "../../src/core/dsp/pcm.ts";
import { startServer } from "../support/server.ts";
import { HttpService, type Reply } from "../support/services/http-service.ts";
import { type StandInName, startStandIns } from "../support/services/stand-ins.ts";
import { babble, noise } from "../support/sound.ts";

const pcmOf = (sound: Float32Array): Uint8Array => new Uint8Array(floatToInt16(sound).buffer);
const speech = pcmOf(babble(2, 0.3));
const sounds = {
  speech,
  noise: pcmOf(noise(48_000, 1)),
  silence: new Uint8Array(96_000),
  click: speech.slice(4000, 4800),
};
const folder = await mkdtemp(join(tmpdir(), "bardcast-noise-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const tiers = { fallback: ["espeak"], speed: ["espeak"], quality: ["espeak"] };

test("what a service says that is no speech is said by the next engine, and by the service itself once it is well", async () => {
  let kind: keyof typeof sounds = "speech";
  await using services = await startStandIns(2000, () => sounds[kind]);
  const server = await startServer({
    engines: [...services.engines, "espeak"],
    tiers,
    pool: { size: 2 },
    campaignDir: join(folder, "services"),
    health: { maxFailures: 100 },
  });
  const thorin = await server.join("thorin");
  // Edge says what it always does.
  const names = (Object.keys(services.moods) as StandInName[]).filter((name) => name !== "edge");
  const engineOf = async (name: string, text: string) => {
    const { engines, delivered } = await (await server.speak({ text, voice: { engine: name } })).json();
    expect(delivered).toBe(true);
    return engines;
  };
  for (const name of names)
    for (const wrong of ["noise", "silence", "click"] as const) {
      const line = `The dragon roars at the old keep, and ${name} gives ${wrong}.`;
      kind = wrong;
      expect(await engineOf(name, line)).toEqual(["espeak"]);
      kind = "speech";
      expect(await engineOf(name, line)).toEqual([name]);
    }
  thorin.socket.close();
}, 60_000);

test("an error with status 200 is heard as no noise, now, when the service is well, nor after a restart", async () => {
  let reply: Reply = {};
  await using service = await HttpService.start(({ path }) =>
    path.endsWith("speech") ? reply : { status: 404 },
  );
  const line = { text: "A torch gutters in the hall of the old keep." };
  const options = {
    engines: [{ engine: "openai" as const, options: { baseUrl: `${service.url}/v1` } }, "espeak" as const],
    campaignDir: join(folder, "restart"),
    health: { maxFailures: 100 },
  };
  const engines = async (server: Awaited<ReturnType<typeof startServer>>) => {
    const client = await server.join("elara");
    const report = await (await server.speak({ ...line, voice: { engine: "openai" } })).json();
    client.socket.close();
    return report.engines;
  };
  const wrong: Reply[] = [
    { parts: [JSON.stringify({ error: "overloaded" })] },
    { parts: ["<html><body>502 Bad Gateway</body></html>"], headers: { "Content-Type": "audio/pcm" } },
    {
      parts: [Buffer.concat([Buffer.from("fLaC"), sounds.noise])],
      headers: { "Content-Type": "audio/flac" },
    },
    { parts: [sounds.noise], headers: { "Content-Type": "application/octet-stream" } },
    { parts: [] },
  ];
  const first = await startServer(options);
  for (reply of wrong) expect(await engines(first)).toEqual(["espeak"]);
  reply = { parts: [speech], headers: { "Content-Type": "audio/pcm" } };
  expect(await engines(first)).toEqual(["openai"]);
  const cache = join(options.campaignDir, "cache");
  while ((await readdir(cache)).filter((file) => file.endsWith(".speech")).length < 2) await Bun.sleep(5);
  reply = { status: 500 };
  const second = await startServer(options);
  expect(await engines(second)).toEqual(["openai"]);
}, 60_000);
