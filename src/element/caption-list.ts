import { type Line, MAX_CAPTIONS, type Spoken, withLine } from "../client/index.ts";
import { Reveals } from "../client/reveals.ts";
import { displayName } from "../core/display-name.ts";

/** ms between two looks at what is still hidden. */
const REVEAL_MS = 1_000;
/** So near its end, a list is followed as it grows. */
const AT_END_PX = 40;

/** The lines of a table as text, no sooner than the game master wants them read. */
export class CaptionList {
  readonly #list: HTMLElement;
  #reveals = new Reveals();
  readonly #shown = new Map<string, { row: HTMLElement; text: HTMLElement; length: number }>();
  #lines: readonly Line[] = [];
  #current: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param list where the lines go */
  constructor(list: HTMLElement) {
    this.#list = list;
  }

  text(line: Line): void {
    this.#reveals.text(line);
    this.#lines = withLine(this.#lines, line);
    this.#show();
  }

  spoken(spoken: Spoken | undefined): void {
    this.#current = spoken?.line;
    this.#reveals.spoken(spoken);
    this.#show();
  }

  /** A sentence has no sound. */
  silent(line: string, sentence: number): void {
    this.#reveals.silent(line, sentence);
    this.#show();
  }

  /** The game master stopped it. */
  stop(line: string): void {
    this.#reveals.takenBack(line);
    this.#show();
  }

  /** Nothing more of it will be heard. */
  over(line: string): void {
    this.#reveals.over(line);
    this.#show();
  }

  /** Forgets all: the lines of another listener are nobody else's. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#reveals = new Reveals();
    this.#lines = [];
    this.#shown.clear();
    this.#list.replaceChildren();
  }

  #show(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
    for (const line of this.#lines) this.#showLine(line);
    for (const [id, { row }] of this.#shown) {
      row.part.toggle("spoken", id === this.#current);
      if (this.#shown.size <= MAX_CAPTIONS) continue;
      row.remove();
      this.#shown.delete(id);
    }
    if (isAtEnd) this.#list.scrollTop = this.#list.scrollHeight;
    clearTimeout(this.#timer);
    if (this.#reveals.isWaiting) this.#timer = setTimeout(() => this.#show(), REVEAL_MS);
  }

  #showLine(line: Line): void {
    const known = this.#shown.get(line.id);
    // What was shown is not hidden again, and what is as it was is not read out again.
    const length = Math.max(this.#reveals.shown(line).length, known?.length ?? 0);
    if (length === 0) return;
    const shown = known ?? this.#newRow(line);
    const words = line.content.slice(0, length);
    if (shown.text.textContent !== words) shown.text.textContent = words;
    shown.length = length;
  }

  #newRow(line: Line): { row: HTMLElement; text: HTMLElement; length: number } {
    const row = document.createElement("p");
    row.part.add("caption");
    const speaker = document.createElement("span");
    speaker.part.add("speaker");
    speaker.textContent = speakerOf(line);
    const text = document.createElement("span");
    text.part.add("text");
    if (line.private) row.part.add("whisper");
    row.append(...(speaker.textContent === "" ? [] : [speaker]), text);
    const after = this.#lines.slice(this.#lines.findIndex(({ id }) => id === line.id) + 1);
    const next = after.map(({ id }) => this.#shown.get(id)?.row).find((found) => found !== undefined);
    this.#list.insertBefore(row, next ?? null);
    const shown = { row, text, length: 0 };
    this.#shown.set(line.id, shown);
    return shown;
  }
}

/** Which character speaks, and that it is for this listener alone. */
function speakerOf({ name, from = "dm", private: isPrivate }: Line): string {
  if (!isPrivate) return name ?? "";
  return `${name ?? (from === "dm" ? "Game master" : displayName(from))}, to you alone`;
}
