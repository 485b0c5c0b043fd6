import type { Msg } from "@nats-io/nats-core";
import type { HereAtTable } from "../../party/cluster/cluster.ts";
import type { Connections } from "../connections.ts";
import { nodeOf } from "../lease/lease-records.ts";
import { jsonIn } from "../log/log-entry.ts";
import { type Away, type Here, REPEAT_MS, readHere } from "./away.ts";

/** Changes that come within this time are told together. */
const GATHER_MS = 20;

/** What the exchange has to know of its node, and tells it. */
export interface ExchangingNode {
  /** The name under which it lives. */
  session: () => string;
  /** Who is connected here. */
  here: () => HereAtTable;
  /** Players who were let in here and are not connected yet. */
  arriving: () => readonly string[];
  /** Players are connected, here or elsewhere. */
  came: (players: readonly string[]) => void;
  /** A node is gone, and with it the connections of those who listened there. */
  gone: (there: Pick<Here, "node" | "players" | "observers">) => void;
  /** Who is connected elsewhere is another. */
  changed: () => void;
}

/** Tells the other nodes of a party who is connected here, and knows who is connected there. */
export class PresenceExchange {
  readonly #connections: Connections;
  readonly #subject: string;
  readonly #away: Away;
  readonly #node: ExchangingNode;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #wasHere = false;
  #stops: (() => void)[] = [];
  #isClosed = false;

  /** @param subject of all nodes */
  constructor(connections: Connections, subject: string, away: Away, node: ExchangingNode) {
    this.#connections = connections;
    this.#subject = subject;
    this.#away = away;
    this.#node = node;
  }

  open(): void {
    const repeating = setInterval(() => this.#repeat(), REPEAT_MS);
    const stop = this.#connections.text.listen(this.#subject, (message) => this.#take(message));
    this.#stops.push(stop, () => clearInterval(repeating));
  }

  /** Something about who is here may be different. */
  tellSoon(): void {
    if (this.#isClosed) return;
    this.#telling ??= setTimeout(() => this.#tell(), GATHER_MS);
  }

  /** Forgets nodes that have fallen silent, and the one of a session, which is dead. */
  forget(session?: string): void {
    const gone = this.#away.forget(session);
    for (const here of gone) this.#node.gone(here);
    const node = session === undefined ? undefined : nodeOf(session);
    // Those who listened there had left it before, perhaps for a moment.
    if (node !== undefined && gone.length === 0 && !this.#away.nodes.includes(node))
      this.#node.gone({ node, players: [], observers: 0 });
    if (gone.length > 0) this.#node.changed();
  }

  /** This node ends, and says so. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
    clearTimeout(this.#telling);
    this.#publish({ players: [], observers: 0, encodings: [], leaves: true, ends: true });
  }

  #tell(): void {
    this.#telling = undefined;
    const here = this.#node.here();
    const ids = here.players.map(({ id }) => id);
    this.#node.came(ids);
    for (const id of this.#node.arriving()) here.players.push({ id, connections: 1, state: "away" });
    const isHere = here.players.length + here.observers + here.consoles > 0;
    if (isHere || this.#wasHere) this.#publish({ ...here, ...(isHere ? {} : { leaves: true }) });
    this.#wasHere = isHere;
  }

  #publish(here: Omit<Here, "v" | "node" | "session">): void {
    const { node, text } = this.#connections;
    const told: Here = { v: 1, node, session: this.#node.session(), ...here };
    text.publish(this.#subject, JSON.stringify(told));
  }

  #repeat(): void {
    this.forget();
    if (this.#wasHere) this.tellSoon();
  }

  #take(message: Msg): void {
    const here = readHere(jsonIn(message.data));
    if (!here || here.node === this.#connections.node) return;
    const { isNew, before } = this.#away.take(here);
    // Where nobody is connected any more, lines tell by themselves who may still come back to them.
    if (here.ends) this.#node.gone(before ?? here);
    else this.#node.came(here.players.map(({ id }) => id));
    // Whoever has just come knows nobody.
    if (isNew) this.tellSoon();
    this.#node.changed();
  }
}
