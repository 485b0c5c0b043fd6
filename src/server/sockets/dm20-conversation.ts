import { toWire, type WireError } from "../../core/errors.ts";
import type { Answer } from "../../core/protocol/answers.ts";
import { writeDm20 } from "../../core/protocol/dm20.ts";
import { dm20ClientMessageSchema, parseInput } from "../../core/protocol/messages.ts";
import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import type { Connection } from "../../party/transport/connection.ts";
import type { Socket } from "../../party/transport/socket.ts";
import { requireRight } from "../http/authorize.ts";
import { askHolder } from "./ask-holder.ts";
import { type Conversation, complainOfHaste } from "./conversation.ts";

/** On the dm20 wire a client listens; whatever it says is a sign of life. */
export class Dm20Conversation implements Conversation {
  readonly #party: Party;
  readonly #connection: Connection;

  /** @throws BardcastError as `Party.listen` */
  constructor(party: Party, claims: Claims, socket: Socket) {
    this.#party = party;
    this.#connection = party.listen(socket, claims);
  }

  get isDismissed(): boolean {
    return this.#connection.isDismissed;
  }

  receive(message: unknown): void {
    this.#party.spoke(this.#connection);
    const said = parseInput(dm20ClientMessageSchema, message);
    if (said.type === "settings") this.#party.store.hear(this.#connection.player, said.sounds);
    else if (said.type === "history_request") this.#party.tellAgain(this.#connection, said.since);
    else if (said.type === "action") this.#act(said);
  }

  #act({ text, private: isPrivate }: { text: string; private: boolean }): void {
    requireRight(this.#connection, "answer");
    const { player } = this.#connection;
    const body = { kind: "text", text, private: isPrivate } as const;
    const done = ({ id }: Answer): void => {
      const status = { type: "action_status", action_id: id, status: "pending" } as const;
      this.#connection.post(writeDm20(status));
    };
    const act = (): void => {
      const answer = complainOfHaste(this, () => this.#party.answers.take(player, body));
      const refuse = (error: unknown): void => this.complain(toWire(error));
      if (answer) this.#party.answers.kept(answer).then(() => done(answer), refuse);
    };
    const elsewhere = { method: "POST", path: "/answers", body, done };
    askHolder(this.#party, this.#connection, act, elsewhere, (error) => this.complain(toWire(error)));
  }

  complain(error: WireError): void {
    this.#connection.post(writeDm20({ type: "error", ...error }));
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  ended(code?: number): void {
    this.#connection.ended(code);
  }
}
