import { expect, test } from "bun:test";
import { decodeFrame } from "../../src/core/protocol/frame.ts";
import { SpeechCache } from "../../src/engines/cache/speech-cache.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { setTable } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2Client } from "../support/v2-client.ts";

const PLAYERS = 50;
const LINES = 500;

test("fifty players, five hundred lines at once: no byte in the wrong queue", async () => {
  const table = await setTable({ engine: { samplesPerChar: 70 }, streams: { maxLines: LINES } });
  const names = Array.from({ length: PLAYERS }, (_, index) => `player${index}`);
  // Every fifth is a client of the old wire, every other one of the rest wants Opus.
  const old = new Map(names.filter((_, i) => i % 5 === 0).map((name) => [name, table.join(name)]));
  const fresh = new Map(
    names
      .filter((name) => !old.has(name))
      .map((name, i) => [name, new V2Client(table, name, { codecs: [i % 2 ? "opus" : "pcm16"] })]),
  );
  const audienceOf = (line: number): "all" | string[] => {
    if (line % 10 === 0) return "all";
    const first = names[(line * 7) % PLAYERS] as string;
    return line % 3 === 0 ? [first, names[(line * 11 + 1) % PLAYERS] as string] : [first];
  };
  const secret = (line: number): string => `Secret number ${line} of the table.`;
  const audiences = new Map<string, "all" | readonly string[]>();
  const lines = Array.from({ length: LINES }, (_, index) => {
    const to = audienceOf(index);
    const line = table.streams.speak({ text: secret(index), to, priority: index % 7 });
    audiences.set(line.id, to);
    return line;
  });
  await Promise.all(lines.map((line) => line.handedOver));

  const isFor = (name: string, line: number): boolean => {
    const to = audienceOf(line);
    return to === "all" || to.includes(name);
  };
  const expected = (name: string): number[] => lines.flatMap((_, line) => (isFor(name, line) ? [line] : []));
  const found = (texts: readonly string[]): number[] => {
    const numbers = texts.flatMap((text) =>
      [...text.matchAll(/Secret number (\d+) /g)].map(([, n]) => Number(n)),
    );
    return [...new Set(numbers)].sort((a, b) => a - b);
  };
  for (const [name, socket] of old) {
    expect(found(socket.texts)).toEqual(expected(name));
    expect(socket.clips).toHaveLength(expected(name).length);
    expect(socket.binaries).toEqual([]);
  }
  const handles = new Map<number, string>();
  for (const client of fresh.values()) {
    for (const { handle, utterance } of client.of("speech.begin")) {
      expect(handles.get(handle) ?? utterance).toBe(utterance);
      handles.set(handle, utterance);
    }
  }
  for (const [name, client] of fresh) {
    expect(found(client.socket.texts)).toEqual(expected(name));
    const heard = new Set(
      client.socket.binaries.map((bytes) => handles.get(decodeFrame(bytes).handle) ?? "?"),
    );
    expect(heard.size).toBe(expected(name).length);
    for (const utterance of heard) {
      const to = audiences.get(utterance);
      expect(to === "all" || to?.includes(name)).toBe(true);
    }
  }
}, 60_000);

test("the same words to one player after another are heard in each one's own line, and made once", async () => {
  const table = await setTable({ cache: new SpeechCache({ memoryBytes: 1e6 }) });
  const clients = Array.from({ length: 20 }, (_, i) => new V2Client(table, `p${i}`, { codecs: ["opus"] }));
  const lines = clients.map((_, i) =>
    table.streams.speak({ text: "[whisper]The key is under the mat.", to: [`p${i}`] }),
  );
  await Promise.all(lines.map((line) => line.handedOver));
  expect(table.engine.asked).toEqual(["The key is under the mat."]);
  for (const [index, client] of clients.entries()) {
    const [begin, ...others] = client.of("speech.begin");
    expect(others).toEqual([]);
    expect(begin).toMatchObject({ utterance: lines[index]?.id as string, private: true });
    expect(new Set(client.frames.map(({ handle }) => handle))).toEqual(new Set([begin?.handle as number]));
    expect(client.frames.map(({ sequence }) => sequence)).toEqual(
      client.frames.map((_, sequence) => sequence),
    );
  }
}, 120_000);

test("an engine that quotes what it cannot say does not get a whisper into the log", async () => {
  const log: string[] = [];
  const router = new TTSRouter({
    engines: [new ToneEngine({ failsOn: () => true })],
    health: { maxFailures: 1 },
    log: (line) => log.push(line),
  });
  const { streams, join } = await setTable({ streams: { router } });
  join("pip");
  await streams.speak({ text: "The key is under the altar.", to: ["pip"] }).done;
  expect(log).toHaveLength(1);
  expect(log.join()).not.toContain("altar");
  await router.shutdown();
});
