import type { Caption } from "./caption.ts";

/** Lines that are there after a page was loaded again. */
const MAX_KEPT = 60;
/** UTF-16 units of all of them as JSON; storage is for 5 MB together. */
const MAX_LENGTH = 500_000;

/**
 * A player's captions in this tab alone, whispers included: gone with the tab, and never another player's, who
 * may sit down in the same one.
 */
export class KeptCaptions {
  readonly #key: string;

  constructor(player: string) {
    this.#key = `bardcast.captions ${location.pathname} ${player}`;
  }

  load(): readonly Caption[] {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(this.#key) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isCaption) : [];
    } catch {
      return [];
    }
  }

  save(captions: readonly Caption[]): void {
    const last = captions.slice(-MAX_KEPT).map((caption) => JSON.stringify(withoutTimes(caption)));
    while (last.length > 0 && last.reduce((sum, { length }) => sum + length + 1, 2) > MAX_LENGTH)
      last.shift();
    try {
      sessionStorage.setItem(this.#key, `[${last.join(",")}]`);
    } catch {
      // Where nothing may be kept, nothing is.
    }
  }
}

/** Times are of no use any more. */
function withoutTimes({ sentences, ...caption }: Caption): Caption {
  return sentences ? { ...caption, sentences: sentences.map(({ words, ...sentence }) => sentence) } : caption;
}

function isCaption(value: unknown): value is Caption {
  const { id, content, isOver } = (value ?? {}) as Partial<Caption>;
  return typeof id === "string" && typeof content === "string" && typeof isOver === "boolean";
}
