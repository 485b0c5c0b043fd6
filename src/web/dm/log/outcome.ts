import type { DeliveryReport, RecentUtterance } from "../../core/protocol/api.ts";
import { displayNames } from "../shared/names.ts";
import { sentence } from "./advice.ts";

/** What became of a line, in words, and whether it went as it should. */
export interface Outcome {
  good: boolean;
  words: string;
}

export function outcomeOf({ state, report }: RecentUtterance): Outcome {
  if (state === "cancelled") return { good: true, words: "Stopped." };
  if (state === "broken-off") {
    return {
      good: false,
      words: "Broke off: the server ended in the middle of it. Who comes back gets the text.",
    };
  }
  if (report.listeners === 0) return { good: false, words: "Nobody was here to hear it." };
  const [problem] = report.problems;
  if (problem && !report.delivered) {
    const loss = report.engines.length > 0 ? "Some of it stayed text." : "No sound; everyone got the text.";
    return { good: false, words: `${loss} ${sentence(problem.message)}` };
  }
  const deaf = report.players.filter(({ heardMs }) => heardMs === 0);
  if (report.durationMs > 0 && deaf.length > 0 && deaf.every(({ complete }) => complete)) {
    const names = displayNames(deaf.map(({ player }) => player));
    return { good: false, words: `${names} had the sound, but it was off.` };
  }
  const lost = report.players.filter(({ complete }) => !complete);
  if (lost.length === 0) {
    const note = problem ? ` ${sentence(problem.message)}` : "";
    return { good: true, words: `Reached ${listenersOf(report)}${lengthOf(report)}${note}` };
  }
  return {
    good: false,
    words: [...new Set(lost.map(lossOf))].map((loss) => lossOfAll(loss, lost)).join(" "),
  };
}

type Lost = DeliveryReport["players"][number];

/** How it was lost, for those whom it befell alike. */
function lossOf({ textOnly, reason, heardMs }: Lost): string {
  const after = `after ${Math.round(heardMs / 1000)} s`;
  if (reason === "left") return `left ${after}`;
  if (reason === "lost") return `lost the connection ${after}`;
  if (reason === "silent") return `stopped listening ${after}`;
  return textOnly ? "got only the text" : "got only part of the sound";
}

function lossOfAll(loss: string, lost: readonly Lost[]): string {
  const names = displayNames(lost.filter((player) => lossOf(player) === loss).map(({ player }) => player));
  return `${names} ${loss}.`;
}

function listenersOf({ listeners, players }: DeliveryReport): string {
  return listeners > 3 ? `all ${listeners} listeners` : displayNames(players.map(({ player }) => player));
}

function lengthOf({ durationMs, engines }: DeliveryReport): string {
  return durationMs > 0 ? ` · ${(durationMs / 1000).toFixed(1)} s · ${engines.join(", ")}` : "";
}
