import { expect, test } from "bun:test";
import fc from "fast-check";
import type { AudioMessage, NarrativeMessage } from "../../src/core/protocol/dm20.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { Evening, evenings, isFor, Moody, type Said } from "../support/evening.ts";
import type { Seat } from "../support/seat.ts";
import { setTable } from "../support/table.ts";

/** Whether somebody put an end to it before it was said. */
function mayHaveEnded({ isCancelled, priority }: Said, all: readonly Said[]): boolean {
  return isCancelled || all.some((other) => other.drops && other.priority >= priority);
}

/** Everything a listener on v2 may rely on, of one line. */
function checkFrames({ player, knowledge }: Seat, said: Said, all: readonly Said[]): void {
  const isWhole = !mayHaveEnded(said, all);
  const own = knowledge.speech.filter(({ utterance }) => utterance === said.line.id);
  if (!isFor(player, said.to)) expect(own).toEqual([]);
  const begin = own.find((message) => message.type === "speech.begin");
  if (said.listeners.has(player)) expect(begin).toBeDefined();
  if (!begin) return;
  expect(own.filter(({ type }) => type === "speech.begin")).toHaveLength(1);
  const frames = knowledge.frames.filter(({ handle }) => handle === begin.handle);
  const sequences = frames.map(({ sequence }) => sequence);
  expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  const last = own.filter(({ type }) => type === "speech.end" || type === "speech.cancel");
  expect(last.length).toBeGreaterThan(0);
  const [end] = last;
  if (said.listeners.has(player) && end?.type === "speech.end" && isWhole) {
    expect(sequences).toEqual(Array.from({ length: end.chunks }, (_, sequence) => sequence));
  }
  const texts = own.flatMap((message) =>
    message.type === "speech.text" && !message.words ? [message.text] : [],
  );
  expect(texts).toEqual(said.texts.slice(0, texts.length));
  if (said.listeners.has(player) && isWhole) expect(texts).toEqual(said.texts);
  const at = (one: unknown): number => knowledge.all.indexOf(one as never);
  if (frames.length === 0) return;
  expect(at(own.find(({ type }) => type === "speech.text"))).toBeLessThan(at(frames[0]));
  if (end) expect(at(frames.at(-1))).toBeLessThan(at(end));
}

/** The same on dm20, where a connection that was lost is not taken up again. */
function checkClips({ player, socket, connection }: Seat, said: readonly Said[]): void {
  const messages = socket?.messages ?? [];
  // Throws where clips are interleaved or broken off.
  expect(socket?.clips.length).toBe(
    (messages as unknown as AudioMessage[]).filter(({ type, sequence }) => type === "audio" && sequence === 0)
      .length,
  );
  const told = (messages as unknown as NarrativeMessage[]).flatMap(({ content = "", type }) =>
    `${type}` === "narrative" || `${type}` === "private" ? [content] : [],
  );
  for (const line of said) {
    const { to, texts, isWritten, listeners } = line;
    const own = told.filter((content) => texts.some((text) => content.includes(text)));
    if (!isFor(player, to)) expect(own).toEqual([]);
    const whole = isWritten ? texts : [texts.join(" ")];
    if (listeners.get(player) !== connection) continue;
    expect(own).toEqual(mayHaveEnded(line, said) ? whole.slice(0, own.length) : whole);
  }
}

/** Others by `SEED=… bun test test/party/chaos.test.ts`. */
const seeds = process.env.SEED === undefined ? [1, 2, 3] : [Number(process.env.SEED)];
test.each(seeds)(
  "whatever happens at once, every word arrives, and nothing twice (seed %d)",
  async (seed) => {
    const evening = fc.asyncProperty(evenings, async ({ acts, queueBytes, here }) => {
      const router = new TTSRouter({
        engines: [new Moody({ samplesPerChar: 20 })],
        health: { firstProbeMs: 1 },
      });
      const table = await setTable({ connections: { queueBytes }, streams: { router, chunkBytes: 1024 } });
      const party = new Evening(table);
      for (const player of here) party.seats.get(player)?.come();
      for (const [action, unit, count] of acts) {
        party.do(action);
        await pass(unit, count);
      }
      await party.end();
      const { said } = party;
      for (const seat of party.seats.values()) {
        if (!seat.isV2) checkClips(seat, said);
        else for (const one of said) checkFrames(seat, one, said);
      }
    });
    await fc.assert(evening, { seed, numRuns: 40, interruptAfterTimeLimit: 1_500, timeout: 8_000 });
  },
  30_000,
);

async function pass(unit: string, count: number): Promise<void> {
  if (unit === "ms") await Bun.sleep(count);
  else for (let i = 0; i < count; i++) await (unit === "ticks" ? undefined : Bun.sleep(0));
}
