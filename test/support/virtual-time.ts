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
    this.#put({ at: Math.max(time, this.#now), order: this.#order++, run });
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
    const tasks = this.#tasks;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = tasks[child];
      if (!left) break;
      const right = tasks[child + 1];
      const isRight = right !== undefined && isBefore(right, left);
      const first = isRight ? right : left;
      if (isRight) child += 1;
      if (isBefore(last, first)) break;
      tasks[index] = first;
      index = child;
    }
    tasks[index] = last;
  }

  #put(task: Task): void {
    const tasks = this.#tasks;
    let index = tasks.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = tasks[parent];
      if (!above || isBefore(above, task)) break;
      tasks[index] = above;
      index = parent;
    }
    tasks[index] = task;
  }
}

function isBefore(one: Task, other: Task): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
