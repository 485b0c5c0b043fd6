import type { TimeSlicer } from "../../core/async/time-slicer.ts";
import { BardcastError, toWire } from "../../core/errors.ts";
import { MAX_MESSAGE_BYTES } from "../../core/protocol/messages.ts";
import { whenExpired } from "../../party/access/expiry.ts";
import { costOf, OPENING_COST } from "../../party/access/message-budget.ts";
import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import { Farewell } from "../../party/transport/farewell.ts";
import { CLOSE, type Socket } from "../../party/transport/socket.ts";
import type { Conversation } from "./conversation.ts";
import { Dm20Conversation } from "./dm20-conversation.ts";
import { Inbox } from "./inbox.ts";
import { V2Conversation } from "./v2-conversation.ts";

/** Messages a client may get wrong before it has to leave. */
const MAX_MISTAKES = 5;
/** Messages beyond its budget, all passed over, before it has to leave; and as many after that, before it is cut off. */
const MAX_EXCESS = 64;
/** Cost of a control frame, which only the runtime answers. */
const CONTROL_COST = 1;
/** ms that a client who still goes on has to read why, before it is cut off. */
const LAST_WORD_MS = 1_000;

interface Mail {
  data: unknown;
  /** On the server's clock. */
  receivedAt: number;
}

/** A client on one socket, from its opening on: whether it is let in, what it may say and how much of it. */
export class Caller {
  readonly #party: Party;
  readonly #player: string;
  readonly #socket: Socket;
  readonly #inbox: Inbox<Mail>;
  readonly #farewell: Farewell;
  /** Undefined where it was turned away. */
  readonly #conversation: Conversation | undefined;
  #mistakes = 0;
  #excess = 0;
  #afterwards = 0;
  readonly #stopExpiry: () => void;
  #cutOff: ReturnType<typeof setTimeout> | undefined;

  constructor(party: Party, who: { claims: Claims; isV2: boolean; timeSlicer: TimeSlicer }, socket: Socket) {
    this.#party = party;
    this.#player = who.claims.player;
    this.#socket = socket;
    this.#farewell = new Farewell(socket);
    this.#inbox = new Inbox(who.timeSlicer, (mail) => this.#take(mail));
    this.#conversation = this.#begin(who);
    this.#stopExpiry = whenExpired(who.claims, () => {
      const conversation = this.#current();
      if (conversation) this.#close(conversation, CLOSE.policy, "your link has expired");
    });
    socket.onControlFrame = () => this.#admit(CONTROL_COST);
  }

  receive(data: unknown): void {
    const size = sizeOf(data);
    const conversation = this.#current();
    if (conversation && size > MAX_MESSAGE_BYTES)
      this.#close(conversation, CLOSE.tooBig, "a message is larger than 64 KiB");
    else if (this.#admit(costOf(size))) this.#inbox.put({ data, receivedAt: this.#party.now() });
  }

  /** The socket is gone. @param code with which its client closed it, where it did */
  ended(code?: number): void {
    this.#inbox.finish();
    clearTimeout(this.#cutOff);
    this.#stopExpiry();
    this.#farewell.over();
    this.#conversation?.ended(code);
  }

  #begin({ claims, isV2 }: { claims: Claims; isV2: boolean }): Conversation | undefined {
    const { isClosing } = this.#party;
    // Let in just before the doors closed.
    if (isClosing) this.#farewell.say(CLOSE.goingAway, "the party is over");
    else if (!this.#pay(OPENING_COST))
      this.#farewell.say(CLOSE.tooSlow, "too many new sockets in a short time: come back in a while");
    else {
      try {
        return new (isV2 ? V2Conversation : Dm20Conversation)(this.#party, claims, this.#socket);
      } catch (error) {
        // Let in just before the link was replaced.
        this.#farewell.say(CLOSE.policy, toWire(error).message);
      }
    }
    return undefined;
  }

  /** Undefined once it was told to leave. */
  #current(): Conversation | undefined {
    return this.#conversation?.isDismissed ? undefined : this.#conversation;
  }

  /** Whether something that a client sends is taken; what it goes on to say after it was told to leave is not. */
  #admit(cost: number): boolean {
    const conversation = this.#current();
    if (!conversation) this.#disregard();
    else if (!this.#pay(cost)) this.#exceed(conversation);
    else return true;
    return false;
  }

  /** Whether there was enough in the budget for it. */
  #pay(cost: number): boolean {
    const { budget, observers } = this.#party;
    const lacking = budget.pay(this.#player, this.#socket.address, cost);
    if (lacking) observers.observe({ type: "limit.reached", limit: `${lacking}_budget` });
    return lacking === undefined;
  }

  /** To find out that nobody listens costs time as well: while it does not end, the others wait. */
  #disregard(): void {
    this.#afterwards += 1;
    if (this.#afterwards !== MAX_EXCESS) return;
    this.#socket.pause?.();
    this.#cutOff = setTimeout(() => this.#socket.terminate(), LAST_WORD_MS);
  }

  #take({ data, receivedAt }: Mail): void {
    const conversation = this.#current();
    if (!conversation) return;
    try {
      conversation.receive(parseJson(data), receivedAt);
    } catch (error) {
      const isFatal = ++this.#mistakes >= MAX_MISTAKES || toWire(error).code === "unauthorized";
      this.#tell(conversation, error, isFatal);
      if (isFatal) this.#close(conversation, CLOSE.policy, "too many messages that make no sense");
    }
  }

  /** It is told at the first message beyond its budget, and sent away where it goes on. */
  #exceed(conversation: Conversation): void {
    this.#excess += 1;
    const isFatal = this.#excess >= MAX_EXCESS;
    if (!isFatal && this.#excess > 1) return;
    const message =
      "more messages than a player's devices need: this one and those that follow are passed over";
    this.#tell(conversation, new BardcastError("too-many-messages", message, { retryable: true }), isFatal);
    if (isFatal) this.#close(conversation, CLOSE.policy, "too many messages");
  }

  #tell(conversation: Conversation, error: unknown, isFatal: boolean): void {
    const wire = toWire(error);
    this.#party.observers.observe({ type: "error.told", code: wire.code, over: "socket" });
    conversation.complain(wire, isFatal);
  }

  #close(conversation: Conversation, code: number, reason: string): void {
    this.#inbox.clear();
    conversation.close(code, reason);
  }
}

function sizeOf(data: unknown): number {
  if (typeof data === "string") return data.length;
  return data instanceof Blob ? data.size : (data as ArrayBufferLike).byteLength;
}

function parseJson(data: unknown): unknown {
  if (typeof data === "string") {
    try {
      return JSON.parse(data);
    } catch {
      // Falls through: text that is not JSON is as wrong as a binary frame.
    }
  }
  throw new BardcastError("bad-request", "a message is one JSON object as text");
}
