import { loadEngine } from "../src/engines/catalogue.ts";
import type { SentenceJob } from "../src/engines/sentence-job.ts";
import { speakSentence } from "../src/engines/speak-sentence.ts";
import { serve } from "../src/server/bun.ts";
import { memoryStore } from "../src/voices/text-store.ts";
import { VoiceRegistry } from "../src/voices/voice-registry.ts";
import { quantile, type Row, ratioRow } from "./row.ts";
import { LONG, SHORT } from "./support/texts.ts";

const ROUNDS = 40;

/** From `POST /api/speak` to the first audio message at a socket, for a short text and a long one. */
export async function firstAudio(): Promise<Row[]> {
  const engine = await engineTimes();
  const server = await serve({ port: 0, host: "127.0.0.1", players: ["thorin"], cache: false });
  const speak = await client(
    server.url,
    await server.party.tokens.issue("thorin"),
    await server.party.tokens.issueDm(),
  );
  await rounds(20, () => speak(LONG));
  const short = await rounds(ROUNDS, () => speak(SHORT));
  const long = await rounds(ROUNDS, () => speak(LONG));
  await server.close();
  return [
    ratioRow(
      "POST to first audio, 1 s of speech, p50",
      { value: short, control: engine.sentence, unit: "ms", controlName: "the engine alone, first sentence" },
      2,
    ),
    ratioRow(
      "POST to first audio, 75 s of speech, p50",
      { value: long, control: short, unit: "ms", controlName: "1 s of speech" },
      1.5,
    ),
    ratioRow(
      "the same beside synthesising everything first",
      { value: long, control: engine.everything, unit: "ms", controlName: "the engine alone, all 75 s" },
      0.5,
    ),
  ];
}

/** ms the engine itself needs, warm, on this thread: for the first sentence, and for the whole long text. */
async function engineTimes(): Promise<{ sentence: number; everything: number }> {
  const engine = await loadEngine("espeak");
  await engine.warmup();
  const voice = (await VoiceRegistry.open(memoryStore())).getVoiceConfig("dm");
  const speak = async (text: string): Promise<number> => {
    const start = performance.now();
    const job: SentenceJob = {
      text,
      voice,
      encodings: ["dm20"],
      chunkBytes: 4096,
      bitrates: { opus: 24_000, "opus-low": 12_000 },
      aheadMs: 0,
    };
    for await (const _event of speakSentence(engine, job));
    return performance.now() - start;
  };
  await rounds(20, () => speak(LONG));
  return {
    sentence: await rounds(ROUNDS, () => speak(SHORT)),
    everything: await rounds(5, () => speak(LONG)),
  };
}

async function client(
  url: string,
  token: string,
  dmToken: string,
): Promise<(text: string) => Promise<number>> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws?token=${token}`);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  return async (text) => {
    const start = performance.now();
    let first = 0;
    let clips = 0;
    socket.onmessage = ({ data }) => {
      const message = String(data);
      if (!message.startsWith('{"type":"audio"')) return;
      first ||= performance.now() - start;
      if (message.includes('"sequence":0,')) clips += 1;
    };
    const answer = await fetch(`${url}/api/speak`, {
      method: "POST",
      headers: { Authorization: `Bearer ${dmToken}`, "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    const { sentences } = await answer.json();
    // What is still on its way must not be taken for the next line's.
    while (clips < sentences) await Bun.sleep(1);
    return first;
  };
}

/** The median of some rounds, with a breath between them: lines at a table do not come back to back. */
async function rounds(count: number, round: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    times.push(await round());
    await Bun.sleep(20);
  }
  return quantile(times, 0.5);
}
