/** Workers of this node that its own sentences and those of other nodes share; nobody waits here. */
export class Slots {
  readonly #size: () => number;
  readonly #listeners = new Set<() => void>();
  #taken = 0;

  /** @param size how many there are now */
  constructor(size: () => number) {
    this.#size = size;
  }

  get taken(): number {
    return this.#taken;
  }

  get isFull(): boolean {
    return this.#taken >= this.#size();
  }

  /** Takes one. @returns what gives it back; undefined where none is free */
  take(): (() => void) | undefined {
    if (this.isFull) return undefined;
    this.#taken += 1;
    let isOver = false;
    this.#tell();
    return () => {
      if (isOver) return;
      isOver = true;
      this.#taken -= 1;
      this.#tell();
    };
  }

  /** Calls whenever one was taken or given back. @returns what ends that */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
