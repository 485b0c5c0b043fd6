import { afterAll, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ran, ROOT, run } from "../support/run.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-render-"));
afterAll(() => rmSync(home, { recursive: true }));

const MAIN = [process.execPath, `${ROOT}/src/cli/main.ts`];
const env = { BARDCAST_VOICES_DIR: join(home, "none") };
const render = (...args: string[]): Promise<Ran> => run([...MAIN, "render", ...args], { cwd: home, env });

test("a text becomes a WAV file, and the same as Ogg Opus is as long and a tenth as large", async () => {
  const text = "The dragon sleeps. Nobody dares to breathe, and the gold does not move.";
  const wav = await render(text, "--out", "a.wav");
  expect(wav.output).toMatch(/^a\.wav: \d\.\d s, 2 sentences, spoken by espeak\n$/);
  const opus = JSON.parse((await render(text, "-o", "a.opus", "--json")).stdout);
  expect(opus).toMatchObject({ file: "a.opus", sentences: 2, engines: ["espeak"] });
  const bytes = readFileSync(join(home, "a.wav"));
  expect([bytes.toString("latin1", 0, 4), bytes.readUInt32LE(4) + 8, bytes.readUInt32LE(24)]).toEqual([
    "RIFF",
    bytes.length,
    24_000,
  ]);
  expect((bytes.length - 44) / 48).toBeCloseTo(opus.durationMs, -1);
  const ogg = readFileSync(join(home, "a.opus"));
  expect([ogg.toString("latin1", 0, 4), ogg.length]).toEqual(["OggS", opus.bytes]);
  expect(ogg.length * 8).toBeLessThan(bytes.length);
  // The last page says how many samples there are, at 48 kHz, with those that are not heard.
  const last = ogg.lastIndexOf("OggS");
  expect(Number(ogg.readBigUInt64LE(last + 6)) - 312).toBe(bytes.length - 44);
}, 60_000);

test("it is spoken in the campaign's voices, and nothing is written into its folder", async () => {
  const campaign = join(home, "campaign");
  mkdirSync(campaign);
  writeFileSync(
    join(campaign, "voice_registry.yaml"),
    "npc_overrides:\n  old_mara: { voice_id: slt, engine: flite, speed: 0.5 }\n",
  );
  const slow = await render(
    "Come closer.",
    "--as",
    "Old Mara",
    "-o",
    "slow.wav",
    "--campaign",
    campaign,
    "--json",
  );
  const quick = await render(
    "Come closer.",
    "--as",
    "Old Mara",
    "-o",
    "quick.wav",
    "--campaign",
    join(home, "none"),
    "--json",
  );
  expect(JSON.parse(slow.stdout).engines).toEqual(["flite"]);
  expect(JSON.parse(slow.stdout).durationMs).toBeGreaterThan(1.3 * JSON.parse(quick.stdout).durationMs);
  expect(readdirSync(campaign)).toEqual(["voice_registry.yaml"]);
  expect(existsSync(join(home, "none"))).toBe(false);
}, 60_000);

test("without a text, that of stdin is written", async () => {
  const child = Bun.spawn([...MAIN, "render", "-o", "in.wav", "--json"], {
    cwd: home,
    env: { ...process.env, ...env },
    stdio: [new TextEncoder().encode("One. Two.\n\nThree."), "pipe", "inherit"],
  });
  expect(await new Response(child.stdout).json()).toMatchObject({ sentences: 3 });
}, 60_000);

test("what cannot be written is told, and leaves no file behind", async () => {
  expect((await render("Hello.", "-o", "a.flac")).output).toStartWith("--out ends in .wav, .opus or .ogg\n");
  const nowhere = await render("Hello.", "-o", "no/where.wav");
  expect([nowhere.exitCode, nowhere.output]).toEqual([
    1,
    expect.stringContaining("no/where.wav cannot be written (ENOENT"),
  ]);
  const empty = await render("  ", "-o", "empty.wav");
  expect([empty.exitCode, existsSync(join(home, "empty.wav"))]).toEqual([1, false]);
  const child = Bun.spawn([...MAIN, "render", "-o", "cut.wav"], {
    cwd: home,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.write("The first sentence is over. The second one ");
  await child.stdin.flush();
  while (!readdirSync(home).some((name) => name.startsWith("cut.wav."))) await Bun.sleep(10);
  child.kill("SIGINT");
  expect(await new Response(child.stderr).text()).toBe("stopped; nothing was written\n");
  expect(await child.exited).toBe(1);
  expect(readdirSync(home).filter((name) => name.startsWith("cut"))).toEqual([]);
}, 60_000);
