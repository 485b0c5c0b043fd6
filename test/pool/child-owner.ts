/**
 * A program whose engine speaks in a process of its own, and does not end by itself.
 * @module
 */
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { createSpeechHost } from "../../src/pool/create-speech-host.ts";
import { job, mishap, tone } from "./speaking.ts";

const [, , what] = process.argv;
const flag = join(mkdtempSync(join(tmpdir(), "bardcast-owner-")), "it-hangs");
const engine = what === "hanging" ? mishap({ mishap: "hang-awake", flag }) : tone();
const host = await createSpeechHost({ engines: [{ ...engine, isolated: true }] });
const [speaker] = host.engines as [SpeakingEngine];
const long = speaker.speak(job("A long one. ".repeat(2000)))[Symbol.asyncIterator]();
if (what === "speaking") await long.next();
if (what === "hanging") {
  void long.next();
  while (!existsSync(flag)) await Bun.sleep(10);
}
console.log("ready");
