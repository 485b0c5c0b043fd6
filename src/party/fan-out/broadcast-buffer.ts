import { oncePerTurn, type TimeSlicer } from "../../core/async/time-slicer.ts";

/** One thing in a buffer. */
export interface BufferItem {
  /** Whether a reader who missed something may go on here. */
  begins: boolean;
  bytes: number;
}

/** Told what readers do. */
export interface BufferObserver<T> {
  read(item: T): void;
  /** A reader waits for the next item. */
  waits(): void;
  /** A reader is gone. */
  left(): void;
}

export interface BufferLimits {
  /** Bytes kept for readers who are behind; beyond it they lose the oldest items. */
  limitBytes: number;
  /** ms for which items are kept although everybody has read them. */
  keepMs: number;
}

/**
 * Items written once and read by every listener at their own pace. What all have read is dropped after a
 * while; a reader who falls further behind than the limit loses the oldest items.
 */
export class BroadcastBuffer<T extends BufferItem> {
  readonly #limits: BufferLimits;
  readonly #cursors = new Set<BufferCursor<T>>();
  /** @internal */
  readonly observer: BufferObserver<T>;
  #kept: { item: T; writtenAt: number }[] = [];
  #bytes = 0;
  #head = 0;
  #ended = false;
  #isCut = false;
  readonly #tellReaders: () => void;

  /** @param timeSlicer readers may be thousands: they are told in turns */
  constructor(limits: BufferLimits, observer: BufferObserver<T>, timeSlicer: TimeSlicer) {
    this.#limits = limits;
    this.observer = observer;
    this.#tellReaders = oncePerTurn(() => void timeSlicer.each(this.#cursors, (cursor) => cursor.hear()));
  }

  /** Items written so far. */
  get head(): number {
    return this.#head;
  }

  /** Bytes kept. */
  get bytes(): number {
    return this.#bytes;
  }

  get readers(): number {
    return this.#cursors.size;
  }

  /** Whether a reader may begin at `index` and miss nothing. */
  reaches(index: number): boolean {
    return index >= this.tail && index <= this.#head;
  }

  /** A reader from `index` on, or from the next item that begins something. */
  open(index?: number): BufferCursor<T> {
    const cursor = new BufferCursor(this, index ?? this.#head, index !== undefined);
    this.#cursors.add(cursor);
    cursor.skipTo(this.tail);
    return cursor;
  }

  /** Readers who wait learn of it by `announce`. What was ended may still be filled, for those who come later. */
  append(item: T): void {
    if (this.#isCut) return;
    this.#kept.push({ item, writtenAt: performance.now() });
    this.#bytes += item.bytes;
    this.#head += 1;
    this.#trim();
  }

  /** The next item is the one of that number: those before it are lost to all who have not read them. */
  skipTo(index: number): void {
    if (index <= this.#head) return;
    this.#kept = [];
    this.#bytes = 0;
    this.#head = index;
    for (const cursor of this.#cursors) cursor.skipTo(index);
  }

  /** Tells readers who wait, once for all that was written in one turn. Who comes later looks by themselves. */
  announce(): void {
    if (this.#cursors.size > 0) this.#tellReaders();
  }

  /** Index of the first item from the oldest on that is `wanted`. */
  find(wanted: (item: T) => boolean): number | undefined {
    const at = this.#kept.findIndex(({ item }) => wanted(item));
    return at < 0 ? undefined : this.tail + at;
  }

  /** Index of the last item that is `wanted`. */
  findLast(wanted: (item: T) => boolean): number | undefined {
    const at = this.#kept.findLastIndex(({ item }) => wanted(item));
    return at < 0 ? undefined : this.tail + at;
  }

  /** Nothing more is written; readers take what is there. */
  end(): void {
    this.#ended = true;
    this.announce();
  }

  /** Nothing more is written or read. */
  cut(): void {
    this.#isCut = true;
    this.#kept = [];
    this.#bytes = 0;
    for (const cursor of [...this.#cursors]) cursor.close();
    this.end();
  }

  /** The items from `index` on, as far as they are kept. */
  from(index: number): T[] {
    return this.#kept.slice(Math.max(0, index - this.tail)).map(({ item }) => item);
  }

  /** @internal The item at `index` where it is there already. */
  peek(index: number): T | undefined {
    return this.#kept[index - this.tail]?.item;
  }

  /** Nothing more will come. */
  get isOver(): boolean {
    return this.#ended;
  }

  /** @internal */
  release(cursor: BufferCursor<T>): void {
    this.#cursors.delete(cursor);
    this.observer.left();
  }

  /** Index of the oldest item that is kept. */
  get tail(): number {
    return this.#head - this.#kept.length;
  }

  #trim(): void {
    const before = performance.now() - this.#limits.keepMs;
    // Readers are looked at only where something may go: they may be thousands.
    const mayGo = (): boolean => (this.#kept[0]?.writtenAt ?? Infinity) < before;
    if (!mayGo() && this.#bytes <= this.#limits.limitBytes) return;
    let slowest = Number.POSITIVE_INFINITY;
    for (const { position } of this.#cursors) slowest = Math.min(slowest, position);
    while (this.#kept.length > 1) {
      const isRead = this.tail < slowest && mayGo();
      if (!isRead && this.#bytes <= this.#limits.limitBytes) break;
      this.#bytes -= this.#kept.shift()?.item.bytes ?? 0;
    }
    if (slowest < this.tail) for (const cursor of this.#cursors) cursor.skipTo(this.tail);
  }
}

/** One listener's place in a buffer. */
export class BufferCursor<T extends BufferItem> {
  readonly #buffer: BroadcastBuffer<T>;
  #position: number;
  /** False: items are passed over until one that begins something. */
  #inside: boolean;
  #open = true;
  #follower: { step: () => void; resolve: (isBehind: boolean) => void } | undefined;

  constructor(buffer: BroadcastBuffer<T>, position: number, inside: boolean) {
    this.#buffer = buffer;
    this.#position = position;
    this.#inside = inside;
  }

  /** False after `close()`, and once the buffer was cut: what was taken before is not wanted any more. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Index of the item that comes next. */
  get position(): number {
    return this.#position;
  }

  /** Nothing that was written is left to take. */
  get isAtHead(): boolean {
    return this.#position >= this.#buffer.head;
  }

  /** Whether the next item is taken whatever it is; else those are passed over that begin nothing. */
  get isInside(): boolean {
    return this.#inside;
  }

  /**
   * Waits where everything there is was taken. `step` is called at once with all news, to take them; resolves
   * true where it left some, and false where nothing more will come, or after `close()`.
   */
  follow(step: () => void): Promise<boolean> {
    return new Promise((resolve) => {
      if (!this.#open) return resolve(false);
      this.#follower = { step, resolve };
      this.hear();
    });
  }

  /** @internal There may be news. */
  hear(): void {
    const follower = this.#follower;
    if (!follower) return;
    if (!this.isAtHead) follower.step();
    // The step may have closed this cursor.
    if (this.#follower !== follower) return;
    if (this.isAtHead && !this.#buffer.isOver) this.#buffer.observer.waits();
    else {
      this.#follower = undefined;
      follower.resolve(!this.isAtHead);
    }
  }

  /** Takes everything before `index`, as something else than single items. */
  takeTo(index: number): void {
    const last = this.#buffer.peek(index - 1);
    this.#position = index;
    this.#inside = true;
    if (last) this.#buffer.observer.read(last);
  }

  /** The next item, if it is there already and `wanted`. */
  take(wanted: (item: T) => boolean = () => true): T | undefined {
    if (!this.#open) return undefined;
    for (let item = this.#buffer.peek(this.#position); item; item = this.#buffer.peek(this.#position)) {
      this.#inside ||= item.begins;
      if (this.#inside && !wanted(item)) return undefined;
      this.#position += 1;
      if (!this.#inside) continue;
      this.#buffer.observer.read(item);
      return item;
    }
    return undefined;
  }

  /** Goes on at the first item from `index` on that begins something, where `index` lies ahead. */
  skipTo(index: number): void {
    if (index <= this.#position) return;
    this.#position = index;
    this.#inside = false;
  }

  /** Reads no more; the buffer keeps nothing for it. */
  close(): void {
    this.#open = false;
    this.#buffer.release(this);
    this.#follower?.resolve(false);
    this.#follower = undefined;
  }
}
