import { BardcastError } from "../../core/errors.ts";
import { parseV2ClientMessage } from "../../core/protocol/messages.ts";
import type { ClockMessage, HelloMessage, SpeakMessage, V2ClientMessage } from "../../core/protocol/v2.ts";
import type { Guest } from "../../party/access/lobby.ts";
import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import { ClientState } from "../../party/transport/client-state.ts";
import type { V2Connection } from "../../party/transport/connection.ts";
import type { Socket } from "../../party/transport/socket.ts";
import { lineOf } from "../http/line-of-request.ts";
import type { Conversation } from "./conversation.ts";

/** On the v2 wire a client says hello first, then how it hears; the DM's may speak. */
export class V2Conversation implements Conversation {
  readonly #party: Party;
  readonly #claims: Claims;
  readonly #socket: Socket;
  readonly #guest: Guest;
  #connection: V2Connection | undefined;

  /** @throws BardcastError as `Party.requireRights` */
  constructor(party: Party, claims: Claims, socket: Socket) {
    party.requireRights(claims);
    this.#party = party;
    this.#claims = claims;
    this.#socket = socket;
    this.#guest = party.lobby.enter(socket, claims.player);
  }

  get isDismissed(): boolean {
    return (this.#connection ?? this.#guest).isDismissed;
  }

  receive(input: unknown, receivedAt: number): void {
    const message = parseV2ClientMessage(input);
    if (this.#connection) this.#party.connections.markPong(this.#connection.player, this.#connection);
    if (message?.type === "hello") this.#greet(message);
    else if (this.#connection) this.#follow(this.#connection, message, receivedAt);
    else throw new BardcastError("bad-request", "the first message is hello");
  }

  tell(message: object): void {
    const text = JSON.stringify(message);
    if (this.#connection) this.#connection.post(text);
    else this.#guest.tell(text);
  }

  close(code: number, reason: string): void {
    (this.#connection ?? this.#guest).close(code, reason);
  }

  ended(code?: number): void {
    this.#guest.ended();
    this.#connection?.ended(code);
  }

  #greet(hello: HelloMessage): void {
    if (this.#connection) throw new BardcastError("bad-request", "hello was said already");
    const connection = this.#party.listen(this.#socket, this.#claims, new ClientState(hello));
    this.#guest.leave();
    this.#connection = connection as V2Connection;
    this.#party.connections.markPong(connection.player, connection);
  }

  #follow(connection: V2Connection, message: V2ClientMessage | undefined, receivedAt: number): void {
    switch (message?.type) {
      case "clock": {
        const echo: ClockMessage = {
          type: "clock",
          t0: message.t0,
          t1: receivedAt,
          t2: this.#party.streams.now(),
        };
        connection.v2.needsMs = message.latencyMs ?? connection.v2.needsMs;
        connection.post(JSON.stringify(echo));
        // What waits for others would count as the network's delay.
        connection.flush();
        break;
      }
      case "heard":
        this.#noteState(connection, () => this.#party.streams.heard(connection, message));
        break;
      case "settings":
        this.#noteState(connection, () => connection.v2.change(message));
        break;
      case "speak":
        this.#speak(message);
        break;
      case "cancel":
        this.#requireDm();
        this.#party.streams.cancel(message.utterance);
    }
  }

  #noteState(connection: V2Connection, change: () => void): void {
    const before = connection.v2.state;
    change();
    if (connection.v2.state !== before) this.#party.announceState(connection.player);
  }

  #speak({ type: _, ...request }: SpeakMessage): void {
    this.#requireDm();
    if (request.to !== "all") this.#party.requireSeats(request.to);
    this.#party.speak(lineOf(request));
  }

  #requireDm(): void {
    if (this.#claims.role !== "dm") throw new BardcastError("forbidden", "only the DM may do this");
  }
}
