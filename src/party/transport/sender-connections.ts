import type { Connection } from "./connection.ts";
import { asText, type ConnectionListener, ConnectionManager, type Message } from "./connection-manager.ts";
import { SentConnection } from "./sent-connection.ts";

/**
 * The least that reaches players: messages of the dm20 wire, as objects, for one of them or for all. `false` or 0, a
 * promise of it, or one that rejects, means that a message did not go out; so does no answer within ten seconds.
 */
export interface MessageSender {
  sendToPlayer(player: string, message: object): unknown;
  broadcast(message: object): unknown;
}

/** Players that are remembered: more than a table has. */
const MAX_PLAYERS = 1000;

/** Whether it is no more than that; a `ConnectionManager` sends, too. */
export function isMessageSender(given: object): given is MessageSender {
  return "sendToPlayer" in given && "broadcast" in given && !("connectionsOf" in given);
}

/**
 * Connections through somebody else's. Who hears a line to all is not known: reports call them `all`. What was sent
 * counts as handed over; how much of it was heard nobody says. Sockets may be connected beside them.
 */
export class SenderConnections extends ConnectionManager {
  readonly #sender: MessageSender;
  readonly #everybody: SentConnection;
  /** By player, the longest unused first. */
  readonly #players = new Map<string, SentConnection>();
  readonly #listeners = new Set<ConnectionListener>();

  constructor(sender: MessageSender) {
    super();
    this.#sender = sender;
    const deliver = (message: object): unknown => sender.broadcast(message);
    this.#everybody = new SentConnection("all", deliver, () => [...this.#players.values()]);
  }

  override connectionsOf(audience: "all" | readonly string[]): Connection[] {
    const sent =
      audience === "all" ? [this.#everybody] : [...new Set(audience)].map((player) => this.#to(player));
    return [...super.connectionsOf(audience), ...sent];
  }

  override getConnectedPlayers(): string[] {
    return super.getConnectedPlayers().filter((player) => player !== this.#everybody.player);
  }

  override onChange(listener: ConnectionListener): () => void {
    this.#listeners.add(listener);
    const forget = super.onChange(listener);
    return () => {
      this.#listeners.delete(listener);
      forget();
    };
  }

  override sendToPlayer(player: string, message: Message): number {
    return super.sendToPlayer(player, message) + post(this.#to(player), message);
  }

  override broadcast(message: Message, options: { except?: string } = {}): number {
    // Nobody can be left out of what goes to all.
    const sent = options.except === undefined ? post(this.#everybody, message) : 0;
    return super.broadcast(message, options) + sent;
  }

  #to(player: string): SentConnection {
    const deliver = (message: object): unknown => this.#sender.sendToPlayer(player, message);
    const connection =
      this.#players.get(player) ?? new SentConnection(player, deliver, () => [this.#everybody]);
    this.#players.delete(player);
    this.#players.set(player, connection);
    const [oldest] = this.#players.values();
    if (this.#players.size > MAX_PLAYERS && oldest) this.#forgetSent(oldest);
    return connection;
  }

  #forgetSent(connection: SentConnection): void {
    this.#players.delete(connection.player);
    connection.close();
    for (const listener of this.#listeners) listener(connection, "ended");
  }
}

function post(connection: SentConnection, message: Message): number {
  return connection.post(asText(message)) ? 1 : 0;
}
