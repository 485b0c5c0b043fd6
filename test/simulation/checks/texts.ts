import type { Evening } from "../evening.ts";
import type { Page } from "../listeners/page.ts";
import { must } from "./fault.ts";
import { isFor, mayEndEarly, nameOf, type Said } from "./said.ts";

/** Every line that a page was told of is over in the end, and the page knows. @throws Fault */
export function checkOver({ frames, name, isListening }: Page): void {
  if (!isListening) return;
  for (const { line, texts, chunks, isTold, isCancelled, isOver } of frames?.hearings.values() ?? []) {
    // What is dropped for somebody while it is still being written has its text after its end.
    const isKnown = isTold || isCancelled || chunks !== undefined || texts.length === 0;
    must(isOver && isKnown, () => `${name}: line ${line} does not end`);
  }
}

/** What a page was told is what was said to it: all of it, once, in order. @throws Fault */
export function checkTexts(page: Page, evening: Evening): void {
  for (const said of evening.said) {
    const names = said.sentences.map((_, at) => nameOf(said.number, at));
    const own = (texts: readonly string[]): string[] => texts.filter((text) => names.includes(text));
    if (page.frames) {
      const hearing = [...page.frames.hearings.values()].find(({ line }) => line === said.number);
      const got = own(hearing?.texts ?? []);
      checkOrder(page, names, got);
      // What was open on this wire is forgotten where a page has to go on on the other.
      const isHere = !page.clips.isHere;
      if (
        isHere &&
        hearing?.isOwed &&
        said.server === evening.server &&
        page.isListening &&
        !mayEndEarly(said, evening.said)
      ) {
        const { frames, chunks = frames } = hearing;
        must(
          frames === chunks || page.wasSlow,
          () =>
            `${page.name} got ${frames} of ${chunks} frames of line ${said.number}, but all was to follow`,
        );
      }
      if (isHere && owesAll(page, said, evening))
        must(got.length === names.length, () => lacks(page, said, got));
      const isPlain = hearing?.chunks !== undefined && !hearing.isCancelled && !hearing.isBrokenOff;
      if (isPlain && !mayEndEarly({ ...said, isKept: true }, evening.said) && page.welcomedAt < said.spokenAt)
        must(got.length === names.length, () => `${lacks(page, said, got)}, but that it has ended`);
    }
    for (const visit of page.clips.visits) {
      const got = own(visit.texts);
      checkOrder(page, names, got);
      const isLast = visit === page.clips.visits.at(-1);
      if (isLast && page.clips.isHere && visit.since < said.spokenAt && owesAll(page, said, evening))
        must(got.length === names.length, () => lacks(page, said, got));
    }
  }
}

function checkOrder(page: Page, names: readonly string[], got: readonly string[]): void {
  must(
    got.every((name, at) => name === names[at]),
    () => `${page.name} was told ${got} of ${names}`,
  );
}

function lacks({ name, troubles }: Page, { number, spokenAt }: Said, got: readonly string[]): string {
  return `${name} was told only [${got}] of line ${number}, said at ${spokenAt}; troubles at ${troubles}`;
}

/** Whether every word of the line has to have come by now. */
function owesAll(page: Page, said: Said, { said: all, server, plan }: Evening): boolean {
  if (!page.isListening || !isFor(said, page.player)) return false;
  if (said.server !== server) {
    // Texts that are too old by the clock, or went to make room, are not told any more.
    const hasJumped = plan.acts.some(({ act }) => act.act === "clock" && act.who === "server");
    if (!said.isKept || hasJumped || plan.store?.maxChars !== undefined) return false;
  }
  if (mayEndEarly(said, all) || page.welcomedAt > said.spokenAt) return false;
  // Nobody reads on what is still being written while nobody listens.
  return !said.isWritten || page.isUntroubled(said.spokenAt, said.doneAt);
}
