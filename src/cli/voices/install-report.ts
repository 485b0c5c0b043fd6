import type { WireError } from "../../core/errors.ts";
import { say, sayJson, warn } from "../terminal.ts";
import { type CatalogueEntry, downloadBytes } from "./catalogue.ts";
import { ProgressLine } from "./progress-line.ts";

/** What is told while a voice is installed; with `--json` each is a line of standard output. */
export type InstallEvent =
  | { type: "found"; name: string; licence: string; bytes: number }
  /** Of one file; `total` where it is known. */
  | { type: "progress"; bytes: number; total?: number }
  | { type: "unpacking" }
  | { type: "installed"; name: string; folder: string }
  | { type: "failed"; error: WireError };

/** Takes what happens, in order. */
export type TellInstall = (event: InstallEvent) => void;

export function found(entry: CatalogueEntry): InstallEvent {
  return { type: "found", name: entry.name, licence: entry.licence, bytes: downloadBytes(entry) };
}

/** For programs. */
export const tellLines: TellInstall = (event) => sayJson(event);

/** For people: sentences, and a line that shows how far it is. @param sentence where sentences go */
export function tellPeople(sentence: (line: string) => void = say): TellInstall {
  let line: ProgressLine | undefined;
  return (event) => {
    if (event.type === "progress") line?.tell(event.bytes, event.total);
    else if (event.type === "unpacking") line?.say("unpacking");
    else line?.end();
    if (event.type === "installed") sentence(`installed in ${event.folder}`);
    if (event.type === "failed") warn(event.error.message);
    if (event.type !== "found") return;
    const { name, licence, bytes } = event;
    sentence(`${name}${bytes > 0 ? `, ${Math.round(bytes / 1e6)} MB` : ""}, licence: ${licence}`);
    line = new ProgressLine(process.stderr, name);
  };
}
