import type { DeliveryReport, PlayerDelivery, RecentUtterance } from "../../../core/protocol/api.ts";
import { displayNames } from "../../shared/names.ts";
import { sentence } from "../advice.ts";
import { atTable, furthestMs } from "./sounding.ts";

/** What became of a line, in words, and whether it went as it should. */
export interface Outcome {
  good: boolean;
  words: string;
}

/** So much may be missing of a line that counts as heard: less than a word… */
const MISSED_MS = 250;
/** …and of a short one this share. */
const MISSED_SHARE = 0.1;

export function outcomeOf({ state, report: whole }: RecentUtterance): Outcome {
  const players = atTable(whole.players);
  const report = { ...whole, players };
  if (state === "cancelled") return { good: true, words: stoppedWords(report) };
  if (state === "broken-off") {
    const broke = "Broke off: the server ended in the middle of it. Who comes back gets the text.";
    const heard = players.filter(({ heardMs }) => heardMs > 0);
    const much = heard.map(
      ({ player, heardMs }) => ` ${displayNames([player])} heard ${seconds(heardMs)} s of it.`,
    );
    return { good: false, words: `${broke}${much.join("")}` };
  }
  if (players.length === 0) return { good: false, words: "Nobody was here to hear it." };
  const [problem] = report.problems;
  const note = problem ? ` ${sentence(problem.message)}` : "";
  if (problem && !report.delivered) {
    const loss = report.engines.length > 0 ? "Some of it stayed text." : "No sound; everyone got the text.";
    return { good: false, words: `${loss}${note}` };
  }
  if (report.durationMs === 0) return { good: true, words: `Read by ${namesOf(report.players)}.${note}` };
  const fates = new Map<string, PlayerDelivery[]>();
  for (const player of report.players) {
    const fate = fateOf(player, report.durationMs);
    fates.set(fate, [...(fates.get(fate) ?? []), player]);
  }
  const heard = fates.get(HEARD) ?? [];
  fates.delete(HEARD);
  const words = heard.length > 0 ? [`Heard by ${namesOf(heard)}.`] : [];
  for (const [fate, players] of fates) words.push(`${namesOf(players)} ${fate}.`);
  const good = report.players.every(({ complete, muted }) => complete || muted) && !fates.has(SOUND_OFF);
  return { good, words: `${words.join(" ")}${note}` };
}

const HEARD = "heard it";
const SOUND_OFF = "had the sound, but it was off";

/** What one player got of a line. Never more than they are known to have heard. */
function fateOf({ heardMs, muted, textOnly, complete, reason }: PlayerDelivery, durationMs: number): string {
  if (muted) return "had the sound off and read it";
  if (heardMs >= durationMs - Math.min(MISSED_MS, durationMs * MISSED_SHARE)) return HEARD;
  if (textOnly) return "got only the text";
  if (heardMs === 0 && complete) return SOUND_OFF;
  const whole = seconds(durationMs);
  const some = seconds(heardMs) === whole ? (heardMs / 1000).toFixed(1) : seconds(heardMs);
  const much = `${some} of ${some.includes(".") ? (durationMs / 1000).toFixed(1) : whole} seconds`;
  if (reason === "left") return `left after ${much}`;
  if (reason === "lost") return `lost the connection after ${much}`;
  if (reason === "silent") return `slept after ${much}`;
  return `heard ${much}`;
}

function stoppedWords({ durationMs, players }: DeliveryReport): string {
  const ms = furthestMs(players);
  if (ms === 0) return "You stopped it before anybody heard it.";
  const heard = players.filter(({ heardMs }) => heardMs > ms / 2);
  return `You stopped it after ${seconds(ms)} of ${seconds(durationMs)} seconds. ${namesOf(heard)} heard that much.`;
}

function seconds(ms: number): string {
  return ms > 0 && ms < 1000 ? "1" : (ms / 1000).toFixed(0);
}

function namesOf(players: readonly PlayerDelivery[]): string {
  return displayNames(players.map(({ player }) => player));
}
