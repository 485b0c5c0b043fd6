import { TTSRouter } from "../src/engines/routing/router.ts";
import { AudioStreamManager } from "../src/party/audio-stream-manager.ts";
import { ClientState } from "../src/party/transport/client-state.ts";
import { ConnectionManager } from "../src/party/transport/connection-manager.ts";
import { memoryStore } from "../src/voices/text-store.ts";
import { VoiceRegistry } from "../src/voices/voice-registry.ts";
import { addedRow, type Row } from "./row.ts";
import { silentSocket } from "./support/silent-socket.ts";
import createTone from "./support/tone.ts";

/** Of what the tone engine says for a sentence. */
const SENTENCE_SECONDS = 2.5;
const MEBIBYTE = 1024 * 1024;

/** What a process holds after a line of twenty minutes, beside a line of a minute. */
export async function longLine(): Promise<Row[]> {
  const minute = await heldAfter(60);
  const long = await heldAfter(1200);
  return [
    addedRow(
      "memory after a line of twenty minutes",
      { value: long, control: minute, unit: "MB", controlName: "after a line of a minute" },
      10,
    ),
  ];
}

/** MB of heap and buffers, while the table is still set. */
async function heldAfter(seconds: number): Promise<number> {
  const connections = new ConnectionManager();
  const streams = new AudioStreamManager({
    registry: await VoiceRegistry.open(memoryStore()),
    router: new TTSRouter({ engines: [createTone()] }),
    connections,
    maxChars: 1_000_000,
  });
  const v2 = new ClientState({ type: "hello", codecs: ["pcm16"] });
  connections.connect(silentSocket(), "thorin", "player", v2);
  // As to a listener for whom the time has passed.
  const clock = setInterval(() => v2.playout.clear(), 1);
  const line = streams.speak({ text: sentences(seconds / SENTENCE_SECONDS) });
  await line.handedOver;
  clearInterval(clock);
  Bun.gc(true);
  await Bun.sleep(100);
  Bun.gc(true);
  // Bun counts buffers in.
  const { heapUsed } = process.memoryUsage();
  line.cancel();
  connections.closeAll();
  await streams.close();
  return heapUsed / MEBIBYTE;
}

async function* sentences(count: number): AsyncGenerator<string, void, undefined> {
  for (let n = 0; n < count; n++) yield `This is sentence number ${n} of a tale. `;
}
