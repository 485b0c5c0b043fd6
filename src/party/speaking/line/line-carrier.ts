import type { CarriedLine } from "../../fan-out/line-parts.ts";
import type { ResolvedRequest } from "../../request/resolved-request.ts";
import type { Utterance } from "../../request/utterance.ts";
import type { Sequencer } from "../../transport/sequencer.ts";
import type { ActiveUtterance } from "../active-utterance.ts";
import type { UtteranceScheduler } from "../utterance-scheduler.ts";
import { type BegunLine, followedRequest } from "./begun-line.ts";

/** The table in one process, as a carrier of lines sees it. */
export interface CarriedTable {
  /** Of this process; what was carried is beneath its numbers. */
  readonly sequencer: Sequencer;
  /** Begins a line that is made here, for its listeners in this process. */
  begin(request: ResolvedRequest, carried: CarriedLine): ActiveUtterance;
  /** Begins a line that is made elsewhere. */
  follow(begun: BegunLine, carried: CarriedLine): ActiveUtterance;
}

/**
 * Carries what lines are made of from the process that makes them to all that have listeners, each of which fans it out
 * to its own. In a party that one process serves there is none.
 */
export interface LineCarrier {
  /** Of the party's numbers, the same in all processes. */
  readonly epoch: string;
  /** The party's time: ms on a clock that all processes agree on. */
  now(): number;
  /** Carries for this table from now on. */
  attach(table: CarriedTable): void;
  /**
   * Has a line told to everybody, wherever they listen.
   * @throws BardcastError `busy` where another process makes the party's lines
   */
  say(request: ResolvedRequest): Utterance;
}

/** Has the utterances of a scheduler carried. @param begun gets each of them */
export function attachTo(
  carrier: LineCarrier,
  scheduler: UtteranceScheduler,
  begun: (active: ActiveUtterance) => ActiveUtterance,
): void {
  carrier.attach({
    sequencer: scheduler.sequencer,
    begin: (request, carried) => begun(scheduler.say(request, carried)),
    follow: (line, carried) => begun(scheduler.say(followedRequest(line), carried)),
  });
}
