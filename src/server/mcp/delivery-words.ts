import type { DeliveryReport, MissedReason, PlayerDelivery } from "../../core/protocol/api.ts";

const REASONS: Readonly<Record<MissedReason, string>> = {
  left: "closed the page",
  lost: "lost the connection",
  silent: "the page says nothing any more",
  skipped: "went on to the next line",
  late: "came late",
  behind: "could not keep up",
  dropped: "it made way for another line",
};

/** What became of a line, a sentence a line. @param absent who was to hear it and is not here */
export function deliveryWords(report: DeliveryReport, absent: readonly string[]): string[] {
  const { players, durationMs, cancelled, problems } = report;
  const got = players.filter(({ complete }) => complete);
  const names = (wanted: (player: PlayerDelivery) => boolean): string =>
    got
      .filter(wanted)
      .map(({ player }) => player)
      .join(", ");
  const heard = names(({ textOnly, muted }) => !textOnly && !muted);
  const muted = names(({ textOnly, muted }) => !textOnly && muted);
  const read = names(({ textOnly }) => textOnly);
  return [
    ...(cancelled ? ["Stopped before its end."] : []),
    ...(heard === "" ? [] : [`Heard by ${heard}: ${seconds(durationMs)}.`]),
    ...(muted === "" ? [] : [`With the sound off: ${muted}.`]),
    ...(read === "" ? [] : [`Read only: ${read}.`]),
    ...players.filter(({ complete }) => !complete).map((player) => missed(player, durationMs)),
    ...(absent.length === 0 ? [] : [`Not here: ${absent.join(", ")}.`]),
    ...(players.length === 0 ? ["Nobody was here to hear it."] : []),
    ...problems.map(({ code, message }) => `${code}: ${message}`),
  ];
}

function missed({ player, heardMs, textOnly, reason }: PlayerDelivery, durationMs: number): string {
  const much = textOnly
    ? "got the text, and nothing of the sound"
    : `heard ${seconds(heardMs)} of ${seconds(durationMs)}`;
  return `${player} ${much}${reason === undefined ? "" : `: ${REASONS[reason]}`}.`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
