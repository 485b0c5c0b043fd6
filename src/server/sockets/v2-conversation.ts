import { BardcastError, toWire, type WireError } from "../../core/errors.ts";
import { parseV2ClientMessage } from "../../core/protocol/messages.ts";
import {
  type HelloMessage,
  type PlayerAnswerMessage,
  type SpeakMessage,
  type V2ClientMessage,
  writeV2,
} from "../../core/protocol/v2.ts";
import type { Guest } from "../../party/access/lobby.ts";
import type { Claims } from "../../party/access/tokens.ts";
import { requireOneProcess } from "../../party/cluster/one-process.ts";
import type { Party } from "../../party/party.ts";
import { requestOf } from "../../party/request/resolved-request.ts";
import type { V2Connection } from "../../party/transport/connection.ts";
import type { Socket } from "../../party/transport/socket.ts";
import { requireRight } from "../http/authorize.ts";
import { askHolder } from "./ask-holder.ts";
import { type Conversation, complainOfHaste } from "./conversation.ts";

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
    if (this.#connection) this.#party.spoke(this.#connection);
    if (message?.type === "hello") this.#greet(message);
    else if (this.#connection) this.#follow(this.#connection, message, receivedAt);
    else throw new BardcastError("bad-request", "the first message is hello");
  }

  complain(error: WireError, fatal: boolean): void {
    const text = writeV2({ type: "error", ...error, fatal });
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
    const connection = this.#party.listen(this.#socket, this.#claims, hello);
    this.#guest.leave();
    this.#connection = connection as V2Connection;
    this.#party.spoke(connection);
  }

  #follow(connection: V2Connection, message: V2ClientMessage | undefined, receivedAt: number): void {
    switch (message?.type) {
      case "clock":
      case "heard":
      case "settings":
        this.#party.note(connection, message, receivedAt);
        break;
      case "speak":
        this.#speak(message);
        break;
      case "answer":
        this.#answer(message);
        break;
      case "cancel":
        this.#requireDm();
        this.#ask(() => void this.#party.cancel(message.utterance), {
          method: "DELETE",
          path: `/speak/${encodeURIComponent(message.utterance)}`,
        });
        break;
      case "tune":
      case "tune.probe":
      case "tune.trim":
      case "tune.ear":
      case "tune.find":
        this.#requireDm();
        requireOneProcess(this.#party, "a room is tuned");
        complainOfHaste(this, () => this.#party.tuning.direct(connection, message));
        break;
      case "tune.probed":
      case "tune.trimmed":
      case "tune.hearing":
      case "tune.found":
        this.#party.tuning.answer(connection, message);
        break;
      case "tune.lost":
        connection.v2.isUntuned = true;
    }
  }

  #speak({ type: _, ...request }: SpeakMessage): void {
    this.#requireDm();
    if (request.to !== "all") this.#party.requireSeats(request.to);
    const act = (): void => void this.#party.speak(requestOf(request));
    this.#ask(act, { method: "POST", path: "/speak", body: request });
  }

  /** Has it done here, or where the party's lines are made. */
  #ask(act: () => void, elsewhere: { method: string; path: string; body?: object }): void {
    const refuse = (error: unknown): void => this.complain(toWire(error), false);
    askHolder(this.#party, this.#claims, act, elsewhere, refuse);
  }

  /** Whoever tells too much is told so, and may go on to listen. */
  #answer({ type: _, ...request }: PlayerAnswerMessage): void {
    requireRight(this.#claims, "answer");
    const { answers } = this.#party;
    const act = (): void => {
      const answer = complainOfHaste(this, () => answers.take(this.#claims.player, request));
      if (answer) answers.kept(answer).catch((error) => this.complain(toWire(error), false));
    };
    this.#ask(act, { method: "POST", path: "/answers", body: request });
  }

  #requireDm(): void {
    requireRight(this.#claims, "manage");
  }
}
