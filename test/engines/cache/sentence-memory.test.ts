import { expect, test } from "bun:test";
import fc from "fast-check";
import type { KeptSentence } from "../../../src/engines/cache/kept-sentence.ts";
import { SentenceMemory } from "../../../src/engines/cache/sentence-memory.ts";

const sentence = (bytes: number): KeptSentence => ({
  words: [],
  sound: { packets: 1, payloads: new Map([["opus", new Uint8Array(bytes)]]) },
  end: { type: "end", samples: 1, sampleRate: 1, durationMs: 1 },
});
/** What an entry takes beside its sound, with a key of one character. */
const OVERHEAD = 514;

/** Puts it in, or without a size looks it up. */
const operation = fc.record({
  key: fc.constantFrom(..."abcdefgh"),
  bytes: fc.oneof(fc.constant(undefined), fc.constantFrom(0, 300, 900, 1_500, 5_000)),
});

test("the limit holds, and what was used last stays, whatever is put in and looked up", () => {
  fc.assert(
    fc.property(
      fc.array(operation, { minLength: 30, maxLength: 80 }),
      fc.integer({ min: 0, max: 6_000 }),
      (operations, limit) => {
        const memory = new SentenceMemory(limit);
        // The same, written for clarity: newest last.
        let model: [key: string, bytes: number][] = [];
        for (const { key, bytes } of operations) {
          const there = model.find(([other]) => other === key);
          if (bytes === undefined) {
            expect(memory.get(key) !== undefined).toBe(there !== undefined);
            if (there) model = [...model.filter((each) => each !== there), there];
            continue;
          }
          memory.set(key, sentence(bytes));
          model = model.filter((each) => each !== there);
          if (bytes + OVERHEAD <= limit) model.push([key, bytes + OVERHEAD]);
          const total = () => model.reduce((sum, [, size]) => sum + size, 0);
          while (total() > limit) model.shift();
          expect([memory.size, memory.bytes]).toEqual([model.length, total()]);
        }
      },
    ),
  );
});
