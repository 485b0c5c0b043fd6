interface Task {
  at: number;
  order: number;
  run: () => void;
}

/** Time that passes only while it is told to run: what is due, in order, and nothing between. */
export class VirtualTime {
  /** A binary heap. */
  readonly #tasks: Task[] = [];
  #now = 0;
  #order = 0;

  /** True time in ms. */
  get now(): number {
    return this.#now;
  }

  /** Does it then, or as soon as it can if that is past; what is due at once is done in the order it was asked for. */
  at(time: number, run: () => void): void {
    this.#tasks.push({ at: Math.max(time, this.#now), order: this.#order++, run });
    this.#rise(this.#tasks.length - 1);
  }

  /** Does it in so many ms. */
  in(ms: number, run: () => void): void {
    this.at(this.#now + ms, run);
  }

  /** Does it every so many ms, from now on. */
  every(ms: number, run: () => void): void {
    this.in(ms, () => {
      run();
      this.every(ms, run);
    });
  }

  /** Lets time pass. */
  runUntil(time: number): void {
    for (let next = this.#tasks[0]; next && next.at <= time; next = this.#tasks[0]) {
      this.#take();
      this.#now = next.at;
      next.run();
    }
    this.#now = Math.max(this.#now, time);
  }

  #take(): void {
    const last = this.#tasks.pop();
    if (!last || this.#tasks.length === 0) return;
    this.#tasks[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0 && this.#isBefore(index, (index - 1) >> 1)) {
      this.#swap(index, (index - 1) >> 1);
      index = (index - 1) >> 1;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2]) if (this.#isBefore(child, first)) first = child;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#tasks[a], this.#tasks[b]];
    if (!one || !other) return false;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#tasks[a], this.#tasks[b]];
    if (!one || !other) return;
    this.#tasks[a] = other;
    this.#tasks[b] = one;
  }
}
