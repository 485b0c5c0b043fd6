import type { Realm, VirtualWorld } from "./virtual-world.ts";

/** ms that an operation takes at least, and how much more it may take. */
const LEAST_MS = 0.05;
const MORE_MS = 1.5;
/** The same of a slow one, as a memory card is. */
const SLOW_MORE_MS = 60;
/** How often an operation that was under way when its process died was done, at least in part. */
const DONE_SHARE = 0.7;

/** What a name on the disk stands for. */
export interface Node {
  readonly number: number;
  readonly isFolder: boolean;
  bytes: Uint8Array;
  /** Bytes that outlast a loss of power. */
  synced: number;
  mode: number;
  changedAt: number;
}

/** Something that is done to names: it outlasts a loss of power once anything is synchronised after it. */
type Naming = (names: Map<string, Node>) => void;

interface Operation {
  realm: Realm;
  /** @param share how much of it is done */
  act: (share: number) => void;
}

/** What may be the matter with a disk, all of which passes. */
export type Trouble = "full" | "read-only" | "hung";

/** An error of the system, as Node.js has them. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: as the evening wants it, '${path}'`), { code });
}

/**
 * A machine's disk on virtual time, as a file system with a journal keeps it: what was written is there for every process,
 * and outlasts a loss of power once it was synchronised; so do names.
 */
export class Disk {
  readonly #world: VirtualWorld;
  readonly #moreMs: number;
  #names = new Map<string, Node>();
  #durable = new Map<string, Node>();
  #recent: Naming[] = [];
  readonly #pending = new Set<Operation>();
  readonly #until: Record<Trouble, number> = { full: 0, "read-only": 0, hung: 0 };
  #nextNumber = 1;
  #countdown: { left: number; then: () => void } | undefined;

  constructor(world: VirtualWorld, { isSlow }: { isSlow: boolean }) {
    this.#world = world;
    this.#moreMs = isSlow ? SLOW_MORE_MS : MORE_MS;
  }

  get names(): ReadonlyMap<string, Node> {
    return this.#names;
  }

  has(trouble: Trouble): boolean {
    return this.#until[trouble] > this.#world.time.now;
  }

  /** It has this trouble for so many ms. */
  trouble(trouble: Trouble, ms: number): void {
    this.#until[trouble] = this.#world.time.now + ms;
  }

  /** ms until it answers again. */
  get hangsMs(): number {
    return Math.max(0, this.#until.hung - this.#world.time.now);
  }

  /** Calls `then` once, when so many operations have begun from now on, while the last of them is under way. */
  arm(operations: number, then: () => void): void {
    this.#countdown = { left: operations, then };
  }

  disarm(): void {
    this.#countdown = undefined;
  }

  /** Does something for a process, which takes its time. */
  operate<T>(realm: Realm, act: (share: number) => T): Promise<T> {
    const world = this.#world;
    if (this.#countdown && this.#countdown.left-- <= 0) {
      const { then } = this.#countdown;
      this.#countdown = undefined;
      then();
    }
    return new Promise((resolve, reject) => {
      const operation = { realm, act };
      this.#pending.add(operation);
      const due = (): void => {
        if (this.has("hung")) {
          world.at(this.#until.hung, realm, due);
          return;
        }
        this.#pending.delete(operation);
        try {
          resolve(act(1));
        } catch (error) {
          reject(error);
        }
      };
      world.in(LEAST_MS + world.luck() * this.#moreMs, realm, due);
    });
  }

  /** A process is gone: what it was at is done, or not, or in part. */
  died(realm: Realm): void {
    const { luck } = this.#world;
    for (const operation of this.#pending) {
      if (operation.realm !== realm) continue;
      this.#pending.delete(operation);
      if (luck() > DONE_SHARE) continue;
      try {
        operation.act(luck());
      } catch {
        // Nobody is told any more.
      }
    }
  }

  /** The machine is started again: of what was not synchronised, some is there. */
  losePower(): void {
    const { luck } = this.#world;
    const kept = Math.floor(luck() * (this.#recent.length + 1));
    for (const naming of this.#recent.slice(0, kept)) naming(this.#durable);
    this.#recent = [];
    this.#names = new Map(this.#durable);
    for (const node of new Set(this.#names.values())) {
      const { bytes, synced } = node;
      node.bytes = bytes.slice(0, synced + Math.floor(luck() * (bytes.length - synced + 1)));
      node.synced = node.bytes.length;
    }
  }

  /** A fresh file, or folder, which has no name yet. */
  make(mode: number, isFolder = false): Node {
    const bytes = new Uint8Array();
    const changedAt = this.#world.time.now;
    return { number: this.#nextNumber++, isFolder, bytes, synced: 0, mode, changedAt };
  }

  /** Does something to names. */
  rename(naming: Naming): void {
    naming(this.#names);
    this.#recent.push(naming);
  }

  /** Adds to a file. @throws ENOSPC, with some of it added */
  add(node: Node, bytes: Uint8Array, path: string): void {
    const isFull = this.has("full");
    const taken = isFull ? Math.floor(this.#world.luck() * bytes.length) : bytes.length;
    node.bytes = new Uint8Array(Buffer.concat([node.bytes, bytes.subarray(0, taken)]));
    node.changedAt = this.#world.time.now;
    if (isFull) throw systemError("ENOSPC", path);
  }

  /** All that was done to names so far outlasts a loss of power, and so does what is in a file. */
  sync(node: Node): void {
    if (!node.isFolder) node.synced = node.bytes.length;
    for (const naming of this.#recent) naming(this.#durable);
    this.#recent = [];
  }

  /** Somebody removes everything. */
  removeAll(): void {
    this.rename((names) => names.clear());
  }

  /** Somebody, or the disk itself, spoils what is in a file. */
  damage(path: string, how: "cut" | "changed"): void {
    const node = this.#names.get(path);
    if (!node || node.bytes.length === 0) return;
    const at = Math.floor(this.#world.luck() * node.bytes.length);
    if (how === "cut") node.bytes = node.bytes.slice(0, at);
    else node.bytes = node.bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    node.synced = node.bytes.length;
  }
}
