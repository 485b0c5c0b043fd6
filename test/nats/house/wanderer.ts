import { eventually } from "./house.ts";
import type { TableAtNode } from "./table-at-node.ts";

/** ms that a node may take to let somebody in. */
const PATIENCE_MS = 8_000;

/** Picks one of so many. */
export type Choose = (count: number) => number;

/** When somebody was at a node, or on the way to it; ms, `performance.now`. */
export interface Visit {
  node: string;
  from: number;
  until: number;
}

/** Somebody who comes back, to whichever node there is, whenever the connection is lost. */
export abstract class Wanderer<Client extends { socket: WebSocket }> {
  readonly player: string;
  /** One after the other. */
  readonly clients: Client[] = [];
  readonly visits: Visit[] = [];
  readonly #nodes: () => readonly TableAtNode[];
  readonly #choose: Choose;
  #isHome = false;
  #coming: Promise<void> | undefined;

  constructor(player: string, nodes: () => readonly TableAtNode[], choose: Choose) {
    this.player = player;
    this.#nodes = nodes;
    this.#choose = choose;
  }

  /** Begins to connect. */
  protected abstract connect(url: string): Client;
  /** Says what is to be said first, and waits until it may listen, or `isClosed`. */
  protected abstract greet(client: Client, isClosed: () => boolean): Promise<void>;

  /** Connects, and again whenever the connection is lost. Resolves when it is there. */
  come(): Promise<void> {
    this.#coming ??= this.#come().finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  /** Without a goodbye. */
  cut(): void {
    (this.clients.at(-1)?.socket as (WebSocket & { terminate(): void }) | undefined)?.terminate();
  }

  goHome(): void {
    this.#isHome = true;
    this.clients.at(-1)?.socket.close(1000);
  }

  /** Whether the player was at that node then, or up to so many ms before. */
  wasAt(node: string, at: number, agoMs: number): boolean {
    return this.visits.some((visit) => visit.node === node && visit.from <= at && visit.until >= at - agoMs);
  }

  async #come(): Promise<void> {
    while (!this.#isHome) {
      const nodes = this.#nodes();
      const node = nodes[this.#choose(nodes.length)];
      const client = node && (await this.#try(node));
      if (client) {
        client.socket.addEventListener("close", () => {
          if (!this.#isHome) void this.come();
        });
        return;
      }
      await Bun.sleep(50);
    }
  }

  async #try(node: TableAtNode): Promise<Client | undefined> {
    const visit = { node: node.name, from: performance.now(), until: Number.POSITIVE_INFINITY };
    this.visits.push(visit);
    const client = this.connect(`${node.url}/ws?token=${node.tokenOf(this.player)}`);
    client.socket.addEventListener("close", () => {
      visit.until = performance.now();
    });
    const isClosed = (): boolean => client.socket.readyState >= WebSocket.CLOSING;
    // Whoever is not let in for long tries elsewhere, as pages do.
    const impatience = setTimeout(() => client.socket.close(), PATIENCE_MS);
    await eventually(async () => isClosed() || client.socket.readyState === WebSocket.OPEN);
    if (isClosed()) return undefined;
    this.clients.push(client);
    await this.greet(client, isClosed);
    clearTimeout(impatience);
    return isClosed() ? undefined : client;
  }
}
