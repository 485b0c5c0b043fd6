import type { Connection } from "../../src/party/transport/connection.ts";
import type { FakeSocket } from "./fake-socket.ts";
import { Knowledge } from "./knowledge.ts";
import type { Table } from "./table.ts";
import { type Hello, V2Client } from "./v2-client.ts";

/** A player whose connection comes and goes; on v2 they come back to where they were. */
export class Seat {
  readonly player: string;
  /** What a client on v2 knows. */
  readonly knowledge: Knowledge = new Knowledge();
  readonly #table: Table;
  readonly #hello: Hello | undefined;
  #wasHere = false;
  #taken = 0;
  socket: FakeSocket | undefined;
  connection: Connection | undefined;

  /** @param hello on the v2 wire; without it dm20 is spoken */
  constructor(table: Table, player: string, hello?: Hello) {
    this.#table = table;
    this.player = player;
    this.#hello = hello;
  }

  get isV2(): boolean {
    return this.#hello !== undefined;
  }

  /** Comes, or comes back. */
  come(): void {
    if (this.connection?.isOpen) return;
    this.cut(1);
    if (this.#hello) {
      const resume = this.#wasHere ? { resume: this.knowledge.resume } : {};
      const client = new V2Client(this.#table, this.player, { ...this.#hello, ...resume });
      this.socket = client.socket;
      this.connection = client.connection;
    } else {
      const socket = this.#table.join(this.player);
      this.socket = socket;
      this.connection = socket.connection;
    }
    this.#wasHere = true;
    this.#taken = 0;
  }

  /** @param share of what was sent that arrived */
  cut(share: number): void {
    this.hear(share);
    this.connection?.ended(1006);
    this.socket = this.connection = undefined;
  }

  /** Takes what was sent. */
  hear(share = 1): void {
    if (!this.socket || !this.isV2) return;
    const { sent } = this.socket;
    const arrived = Math.max(1, this.#taken, Math.round(sent.length * share));
    this.knowledge.take(sent.slice(this.#taken, arrived));
    this.#taken = arrived;
  }

  /** Whether it was told the end of every line that began. */
  get hasHeardAll(): boolean {
    this.hear();
    return this.knowledge.resume.utterances.length === 0;
  }
}
