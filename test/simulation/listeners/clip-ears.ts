import { must } from "../checks/fault.ts";
import { nameOf } from "../checks/said.ts";
import { clipMarker } from "../world/sound.ts";
import type { Page } from "./page.ts";

/** What came on one dm20 connection. */
export interface Visit {
  /** Names of sentences, in the order in which their texts came. */
  texts: string[];
  /** When the clip of each came. */
  clips: Map<string, number>;
  since: number;
}

/** What a page got on dm20: where it offers nothing else, or where upgrades broke off. Each connection begins anew. */
export class ClipEars {
  readonly visits: Visit[] = [];
  /** Whether the page is on that wire now. */
  isHere = false;

  constructor(page: Page) {
    const { name } = page;
    page.listen("connected", ({ epoch }) => {
      this.isHere = epoch === undefined;
      if (this.isHere) this.visits.push({ texts: [], clips: new Map(), since: performance.now() });
    });
    page.listen("text", ({ content }) => {
      if (!this.isHere) return;
      const { texts } = this.#now(name);
      for (const [sentence] of content.matchAll(/K\d+S\d+/g)) {
        must(!texts.includes(sentence), () => `${name} was told ${sentence} twice on one connection`);
        texts.push(sentence);
      }
    });
    page.listen("clip", ({ bytes }) => {
      const { texts, clips } = this.#now(name);
      const { line, sentence } = clipMarker(bytes);
      const own = nameOf(line, sentence);
      must(!clips.has(own), () => `${name} heard ${own} twice on one connection`);
      must(texts.includes(own), () => `${name} heard ${own} before they were told its text`);
      clips.set(own, performance.now());
    });
  }

  #now(name: string): Visit {
    const visit = this.visits.at(-1);
    must(visit !== undefined, () => `${name} was told something before they were connected`);
    return visit;
  }
}
