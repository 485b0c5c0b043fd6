/** What reading a text costs, from what is written to passages, and what `Intl.Segmenter` makes of the same. */
import { PassageSplitter } from "../../src/core/text/passage-splitter.ts";
import { answer } from "../support/answer.ts";
import { rssAfterGc } from "../support/memory.ts";
import { PROSE } from "../support/texts.ts";

const PARAGRAPH = `${PROSE.repeat(6).trim()}\n\n`;
const MARKED = `${"The **old** gate creaks, and *nobody* moves. “Run!” she said. You have 12 gp and a `rope`. ".repeat(6).trim()}\n\n`;
const TEXTS = { plain: PARAGRAPH.repeat(2_000), marked: MARKED.repeat(1_000) };
const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** How many passages a text has, given in deltas of so many characters. */
function read(text: string, delta: number): number {
  const splitter = new PassageSplitter("en");
  let passages = 0;
  for (let at = 0; at < text.length; at += delta)
    passages += splitter.push(text.slice(at, at + delta)).length;
  return passages + splitter.flush().length;
}

/** MB a second of CPU: the machine may have other things to do. */
function speed(text: string, work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return text.length / Math.max(1, user + system);
}

answer({
  read(name: keyof typeof TEXTS, delta: number = Number.POSITIVE_INFINITY): number {
    const text = Number.isFinite(delta) ? TEXTS[name].slice(0, 200_000) : TEXTS[name];
    return speed(text, () => read(text, Number.isFinite(delta) ? delta : text.length));
  },
  segment: () =>
    speed(TEXTS.plain, () => {
      for (const paragraph of TEXTS.plain.split("\n\n")) for (const _ of segmenter.segment(paragraph));
    }),
  /** µs of CPU for so many characters of something awkward. */
  cost(unit: string, characters: number): number {
    const text = unit.repeat(characters / unit.length);
    return text.length / speed(text, () => read(text, text.length));
  },
  /** Bytes that a text costs which is still being read. */
  async memory(): Promise<number> {
    const before = await rssAfterGc();
    const splitter = new PassageSplitter("en");
    for (let round = 0; round < 10; round++) {
      for (let at = 0; at < TEXTS.plain.length; at += 1000) splitter.push(TEXTS.plain.slice(at, at + 1000));
    }
    const after = await rssAfterGc();
    splitter.flush();
    return after - before;
  },
  nothing: async () => -(await rssAfterGc()) + (await rssAfterGc()),
});
