import { BardcastError } from "../core/errors.ts";
import { randomId } from "../core/id.ts";
import type { Answer, AnswerRequest } from "../core/protocol/answers.ts";
import type { AnswerPage } from "../core/protocol/api.ts";
import { writeDm20 } from "../core/protocol/dm20.ts";
import { writeV2 } from "../core/protocol/v2.ts";
import { MessageBudget, type Rate } from "./access/message-budget.ts";
import type { ClusterNode } from "./cluster/cluster.ts";
import type { ConnectionsShape } from "./shapes.ts";
import { MAX_ANSWERS } from "./speaking/kept-utterances.ts";
import type { UtteranceJournal } from "./speaking/utterance-journal.ts";
import { isV2 } from "./transport/connection.ts";

/** So much a player may tell: more than anybody reads. */
const RATE: Rate = { perSecond: 0.5, burst: 10 };
const NO_LIMIT: Rate = { perSecond: Infinity, burst: Infinity };
/** Answers that the status has. */
const RECENT = 20;

/** What words stand for an answer without any, where only words are known. */
const WORDS = { text: "", hand: "raises a hand", again: "again, please", slower: "slower, please" };

/** What players tell the game master. A private answer is for the game master, and for the player's own devices. */
export class Answers {
  readonly #connections: Pick<ConnectionsShape, "all">;
  readonly #journal: UtteranceJournal | undefined;
  readonly #cluster: Pick<ClusterNode, "keep"> | undefined;
  readonly #budget: MessageBudget;
  /** Oldest first. */
  #answers: readonly Answer[];
  /** Those that are being kept. */
  readonly #keeping = new Map<string, Promise<boolean>>();
  /** Players whose hands are raised, and whether that is for the game master alone. */
  readonly #hands: Map<string, boolean>;

  constructor(
    connections: Pick<ConnectionsShape, "all">,
    journal: UtteranceJournal | undefined,
    cluster?: Pick<ClusterNode, "keep">,
  ) {
    this.#connections = connections;
    this.#journal = journal;
    this.#cluster = cluster;
    this.#budget = new MessageBudget({ player: RATE, address: NO_LIMIT });
    this.#answers = journal?.answers ?? [];
    this.#hands = raisedHands(this.#answers);
  }

  /** Newest first. */
  get recent(): readonly Answer[] {
    return this.#answers.slice(-RECENT).reverse();
  }

  /** Whether a player's hand is raised. */
  isRaised(player: string): boolean {
    return this.#hands.has(player);
  }

  has(id: string, player: string): boolean {
    return this.#answers.some((answer) => answer.id === id && answer.player === player);
  }

  /** @param page.before id of an answer: only those before it; none, where it is not kept any more */
  page({ before, limit }: { before?: string | undefined; limit: number }): AnswerPage {
    const all = this.#answers;
    const end = Math.max(0, before === undefined ? all.length : all.findIndex(({ id }) => id === before));
    const start = Math.max(0, end - limit);
    return { answers: all.slice(start, end).reverse(), more: start > 0 };
  }

  /**
   * Takes what a player tells.
   * @param id names it, where it may be asked for again: it is told once
   * @throws BardcastError `too-many-messages`
   */
  take(player: string, request: AnswerRequest, id?: string): Answer {
    const known = this.#answers.find((answer) => answer.id === id && answer.player === player);
    if (known) return known;
    if (this.#budget.pay(player, undefined, 1)) {
      const message = "your game master reads no faster: wait a moment before you go on";
      throw new BardcastError("too-many-messages", message, { retryable: true });
    }
    return this.#tell(player, request, id);
  }

  /**
   * Resolves when it is told; where several processes serve the party, when it is kept for all of them.
   * @throws BardcastError `busy` where it was not kept, and nobody was told of it
   */
  async kept({ id }: Answer): Promise<void> {
    if ((await this.#keeping.get(id)) !== false) return;
    const message = "it was not kept, and nobody was told of it: tell it again";
    throw new BardcastError("busy", message, { retryable: true });
  }

  /** Lowers a player's hand, if it is raised; who did not see it raised is not told. */
  lower(player: string): void {
    const isPrivate = this.#hands.get(player);
    if (isPrivate !== undefined) this.#tell(player, { kind: "hand", raised: false, private: isPrivate });
  }

  /** It is kept, or another process has taken it. */
  told(answer: Answer): void {
    if (this.has(answer.id, answer.player)) return;
    if (answer.raised === true) this.#hands.set(answer.player, answer.private);
    if (answer.raised === false) this.#hands.delete(answer.player);
    this.#answers = [...this.#answers, answer].slice(-MAX_ANSWERS);
    this.#journal?.answered(answer);
    this.#send(answer);
  }

  #tell(player: string, request: AnswerRequest, id: string = randomId()): Answer {
    const raised = request.kind === "hand" ? { raised: request.raised ?? true } : {};
    const answer: Answer = { id, player, at: new Date().toISOString(), ...request, ...raised };
    if (!this.#cluster) this.told(answer);
    else {
      const keeping = this.#cluster.keep(answer);
      this.#keeping.set(id, keeping);
      void keeping.finally(() => this.#keeping.delete(id));
    }
    return answer;
  }

  #send(answer: Answer): void {
    const text = writeV2({ type: "answer", ...answer });
    for (const connection of this.#connections.all()) {
      const { role, player } = connection;
      const isFor = role === "dm" || (role === "player" && (!answer.private || player === answer.player));
      if (!isFor) continue;
      if (isV2(connection)) connection.post(text);
      else if (role === "dm") connection.post(actionOf(answer));
    }
  }
}

/** Players whose hands are raised after all that was told, and whether that is for the game master alone. */
export function raisedHands(answers: readonly Answer[]): Map<string, boolean> {
  const hands = new Map<string, boolean>();
  for (const { player, raised, private: isPrivate } of answers) {
    if (raised === true) hands.set(player, isPrivate);
    if (raised === false) hands.delete(player);
  }
  return hands;
}

/** As dm20 has it. */
function actionOf({ id, player, kind, text, at, ...answer }: Answer): string {
  return writeDm20({
    type: "action",
    action_id: id,
    player_id: player,
    action: text ?? (answer.raised === false ? "lowers the hand" : WORDS[kind]),
    private: answer.private,
    timestamp: at,
  });
}
