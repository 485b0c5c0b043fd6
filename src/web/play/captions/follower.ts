/** Where the spoken word is kept: so much of the height from the top. */
const WORD_AT = 0.45;
/** Captions are home when they stand no further from there, px. */
const NEAR = 48;
/** A line that is higher than this share of the captions is scrolled through as it is said. */
const LONG = 0.5;
/** A scroll that follows a hand within so many ms is the hand's, its swing included. */
const HAND_MS = 1_500;
/** So long a hand is not pulled away from where it goes. */
const HOLD_MS = 400;
const HANDS = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

/**
 * Keeps captions at what is being said, unless somebody scrolls: then they stay there until they are scrolled back,
 * or sent home.
 */
export class Follower {
  readonly #box: HTMLElement;
  readonly #onChange: (isFollowing: boolean) => void;
  readonly #life = new AbortController();
  #word: Range | undefined;
  #line: HTMLElement | undefined;
  #isFollowing = true;
  #handAt = Number.NEGATIVE_INFINITY;

  /** @param onChange told when it begins to follow, and when it ends */
  constructor(box: HTMLElement, onChange: (isFollowing: boolean) => void) {
    this.#box = box;
    this.#onChange = onChange;
    const options = { signal: this.#life.signal, passive: true };
    for (const hand of HANDS) {
      box.addEventListener(hand, () => (this.#handAt = performance.now()), options);
    }
    box.addEventListener("scroll", () => this.#scrolled(), options);
    // The window turns, news takes room, words become larger.
    const sizes = new ResizeObserver(() => this.#move("instant"));
    for (const element of [box, ...box.children]) sizes.observe(element);
    this.#life.signal.addEventListener("abort", () => sizes.disconnect());
  }

  close(): void {
    this.#life.abort();
  }

  /** That line is being said, and that word of it. Undefined: silence, or it is not known. */
  follow(line: HTMLElement | undefined, word: Range | undefined): void {
    this.#word = word;
    this.#line = line;
    // Below the end of a long line there is room for its last words to stand where the others did.
    const isLong = line !== undefined && line.offsetHeight > this.#box.clientHeight * LONG;
    this.#box.classList.toggle("is-long", isLong);
    this.#move("smooth");
  }

  /** Goes back to what is being said. */
  home(): void {
    this.#handAt = Number.NEGATIVE_INFINITY;
    this.#enter(true);
    this.#move("smooth");
  }

  #move(behavior: ScrollBehavior): void {
    if (!this.#isFollowing || performance.now() - this.#handAt < HOLD_MS) return;
    const top = this.#home;
    if (Math.abs(top - this.#box.scrollTop) < 2) return;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#box.scrollTo({ top, behavior: isCalm ? "instant" : behavior });
  }

  get #home(): number {
    const box = this.#box;
    const end = box.scrollHeight - box.clientHeight;
    const place = this.#word?.getBoundingClientRect() ?? this.#topOfLine;
    if (!place) return end;
    const middle = place.top + place.height / 2 - box.getBoundingClientRect().top + box.scrollTop;
    return Math.max(0, Math.min(end, Math.round(middle - box.clientHeight * WORD_AT)));
  }

  /** Of a line without times nothing is known but where it begins. */
  get #topOfLine(): DOMRect | undefined {
    const line = this.#line?.getBoundingClientRect();
    return line && new DOMRect(line.x, line.y, line.width, 0);
  }

  #scrolled(): void {
    if (performance.now() - this.#handAt > HAND_MS) return;
    this.#enter(Math.abs(this.#home - this.#box.scrollTop) <= NEAR);
  }

  #enter(isFollowing: boolean): void {
    if (isFollowing === this.#isFollowing) return;
    this.#isFollowing = isFollowing;
    this.#onChange(isFollowing);
  }
}
