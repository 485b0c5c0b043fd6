// Speaks a sentence in a pool, closes it and does nothing more.
import type { SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { SpeechPool } from "../../src/pool/pool.ts";
import { job } from "./speaking.ts";

const pool = await SpeechPool.start({ engines: ["espeak"], size: 1 });
for await (const { type } of (pool.engines[0] as SpeakingEngine).speak(job())) {
  if (type === "clip") console.log(type);
}
await pool.close();
