import type { Evening } from "../evening.ts";
import { PLAYERS, type Player } from "../plan.ts";
import { must } from "./fault.ts";

interface VoidLink {
  player: Player;
  token: string;
  /** That it is void is kept. */
  isSure: boolean;
}

/** Who may come in by which link: those that were given out last, and those that were made void since. */
export class Links {
  readonly #evening: Evening;
  readonly #good = new Map<Player, string>();
  #void: VoidLink[] = [];
  /** Whose link is being replaced, so that a server that ends meanwhile may have kept it or not. */
  readonly #changing = new Map<Player, number>();
  readonly #unsure = new Set<Player>();
  /** Whose pages may have been told that their link is void, which was not kept. */
  readonly #refused = new Set<Player>();
  /** When a seat was last given to somebody else, as far as that is sure. */
  readonly newcomers: Map<Player, number> = new Map();

  constructor(evening: Evening) {
    this.#evening = evening;
  }

  of(player: Player): string {
    const token = this.#good.get(player);
    must(token !== undefined, () => `${player} has no link`);
    return token;
  }

  isGood(player: Player, token: string): boolean {
    return this.#good.get(player) === token;
  }

  /**
   * Has the link replaced by what `ask` asks for.
   * @param isSomebodyElse whether the seat is another's from then on
   */
  replace(
    player: Player,
    ask: (then: (token: string) => void) => void,
    isSomebodyElse: boolean,
    then: () => void,
  ): void {
    const { unwellUntil, world } = this.#evening;
    const askedAt = world.time.now;
    const before = this.of(player);
    this.#changing.set(player, (this.#changing.get(player) ?? 0) + 1);
    ask((token) => {
      this.#changing.set(player, (this.#changing.get(player) ?? 0) - 1);
      const isSure = unwellUntil < askedAt && this.#evening.unwellUntil === unwellUntil;
      this.#void.push({ player, token: before, isSure: isSure && this.#evening.disk !== undefined });
      if (!isSure) this.#unsure.add(player);
      else if (isSomebodyElse) this.newcomers.set(player, askedAt);
      this.#taken(player, token, then);
    });
  }

  /** Of two that were asked for at once the one that is answered last may be void already. */
  #taken(player: Player, token: string, then: () => void): void {
    const { party } = this.#evening.server;
    if (!party) return;
    const isGood = party.tokens.verify(token).then(
      () => true,
      () => false,
    );
    this.#evening.settle(isGood, (isGood) => {
      if (!isGood) return;
      this.#good.set(player, token);
      then();
    });
  }

  /** Its server has ended. */
  fell(): void {
    for (const [player, count] of this.#changing) if (count > 0) this.#refused.add(player);
    this.#changing.clear();
  }

  /** Nobody knows what is kept of it. */
  forget(): void {
    for (const link of this.#void) link.isSure = false;
    for (const player of PLAYERS) this.#unsure.add(player);
  }

  /** A server has started: links are good or void as before. Whose link is void without need is given another one. */
  check(): void {
    const { server, plan } = this.#evening;
    const { party } = server;
    must(party !== undefined, () => "there is no party");
    const invited: Player[] = [];
    for (const player of PLAYERS) {
      const token = this.#good.get(player);
      const good =
        token !== undefined && party.tokens.verify(token).then((claims) => party.requireRights(claims));
      this.#evening.settle(
        good
          ? good.then(
              () => true,
              () => false,
            )
          : Promise.resolve(false),
        (isGood) => {
          const wasRefused = this.#refused.has(player);
          const isExcused = token === undefined || this.#unsure.has(player) || wasRefused;
          const isLost = plan.store === null ? false : !plan.store.hasSecret && this.#evening.unwellUntil > 0;
          must(isGood || isExcused || isLost, () => `${player}'s link is not good any more after a restart`);
          if (!isGood) invited.push(player);
          else if (wasRefused) this.#evening.replacePages(player);
        },
      );
    }
    for (const { player, token, isSure } of this.#void) {
      if (!isSure) continue;
      this.#evening.settle(
        party.tokens.verify(token).then(
          () => true,
          () => false,
        ),
        (isGood) =>
          must(!isGood, () => `a link of ${player} that was replaced is good again after a restart`),
      );
    }
    this.#unsure.clear();
    this.#refused.clear();
    for (const player of invited) this.#invite(player);
  }

  #invite(player: Player): void {
    const { party } = this.#evening.server;
    if (!party) return;
    party.seat(player);
    // Nobody waits until that is kept.
    this.#unsure.add(player);
    this.#evening.settle(party.tokens.issue(player), (token) => {
      this.#good.set(player, token);
      this.#evening.replacePages(player);
    });
  }
}
