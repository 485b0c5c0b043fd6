import { afterEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSpeechCache } from "../../../src/engines/cache/create-speech-cache.ts";
import { speakSentence } from "../../../src/engines/render/speak-sentence.ts";
import { ToneEngine } from "../../support/tone-engine.ts";
import { JOB } from "./said.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "installed-"));
  folders.push(made);
  return made;
}

async function install(dir: string, model: string, at: number): Promise<void> {
  const voice = join(dir, "mara");
  await rm(voice, { recursive: true, force: true });
  await mkdir(voice);
  await writeFile(join(voice, "mara.onnx"), model);
  await utimes(join(voice, "mara.onnx"), at, at);
}

/** A table's cache, as one evening has it; whether the sentence is kept in it, and then it is. */
async function evening(campaignDir: string, voicesDir: string): Promise<boolean> {
  const engines = [{ engine: "sherpa" as const, options: { voicesDir } }];
  const cache = await createSpeechCache({ campaignDir, engines });
  const engine = new ToneEngine({ name: "sherpa" });
  const speaking = Object.assign(engine, { speak: (job: typeof JOB) => speakSentence(engine, job) });
  await Array.fromAsync(cache.speakWith(speaking, JOB, {}));
  await cache.close();
  return engine.asked.length === 0;
}

test("a voice that is installed again under its name is not spoken from what the other one said", async () => {
  const [campaign, dir] = [await folder(), await folder()];
  await install(dir, "one", 1000);
  expect([await evening(campaign, dir), await evening(campaign, dir)]).toEqual([false, true]);
  await install(dir, "two", 1000 + 60);
  expect([await evening(campaign, dir), await evening(campaign, dir)]).toEqual([false, true]);
  await install(dir, "another size", 1000 + 60);
  expect(await evening(campaign, dir)).toBe(false);
});

test("where no voice is installed, or its folder is not there, there is a cache all the same", async () => {
  const [campaign, dir] = [await folder(), await folder()];
  expect([await evening(campaign, dir), await evening(campaign, dir)]).toEqual([false, true]);
  expect(await evening(campaign, join(dir, "nowhere"))).toBe(false);
});
