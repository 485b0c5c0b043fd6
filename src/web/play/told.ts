import type { PartyClientOptions } from "../../client/index.ts";
import type { TableLink } from "./table-link.ts";

type Told = PartyClientOptions["told"];

/** What is said of lines, and numbered. */
const NUMBERED = ["begin", "sentence", "move", "fallback", "cancel", "end"] as const;

/** How far the table had told its texts when this page was left to be loaded anew; the tab's history knows. */
export function keptTold(): Told {
  return (history.state as { told?: Told } | null)?.told;
}

/** Keeps that, beside the token that it belongs to: captions are complete when the page is here again. */
export function keepTold(client: TableLink): void {
  let told: Told;
  client.on("connected", ({ epoch, offset }) => {
    told = epoch === undefined || offset === undefined ? undefined : { epoch, offset };
  });
  for (const name of NUMBERED)
    client.on(name, ({ offset }) => {
      if (told && offset > told.offset) told = { ...told, offset };
    });
  for (const event of ["pagehide", "visibilitychange"])
    addEventListener(event, () => history.replaceState({ ...history.state, told }, ""));
}
