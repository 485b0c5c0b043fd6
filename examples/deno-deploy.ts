// A table where there are no workers and no files, as on Deno Deploy: a speech service speaks, over HTTP.
// Wants SPEECH_KEY for it, BARDCAST_SECRET and BARDCAST_DM_TOKEN. A table lives in one process: keep it to one region.
import { createParty, type TTSEngine } from "bardcast";
import { denoSockets } from "bardcast/deno";
import { createApp } from "bardcast/hono";

const service: TTSEngine = {
  name: "service",
  capabilities: { streaming: false, wordTimes: false, sampleRate: 24_000 },
  supportedLanguages: () => ["*"],
  isAvailable: async () => Deno.env.has("SPEECH_KEY"),
  warmup: async () => {},
  shutdown: async () => {},
  async *synthesize(input, _voice, { signal } = {}) {
    const response = await fetch(Deno.env.get("SPEECH_URL") ?? "https://api.openai.com/v1/audio/speech", {
      method: "POST",
      headers: { Authorization: `Bearer ${Deno.env.get("SPEECH_KEY")}`, "Content-Type": "application/json" },
      body: JSON.stringify({ model: "tts-1", voice: "onyx", input, response_format: "pcm" }),
      signal: signal ?? null,
    });
    if (!response.ok) throw new Error(`the speech service answers ${response.status}`);
    const pcm = new Int16Array(await response.arrayBuffer());
    yield { samples: Float32Array.from(pcm, (sample) => sample / 32_768), sampleRate: 24_000 };
  },
};

const party = await createParty({
  engines: [service],
  players: ["thorin", "elara"],
  secret: Deno.env.get("BARDCAST_SECRET"),
  dmToken: Deno.env.get("BARDCAST_DM_TOKEN"),
});
Deno.serve(createApp(party, denoSockets()).fetch);
