import { fromBase64 } from "../../../src/core/base64.ts";
import { FRAME_HEADER_BYTES } from "../../../src/core/protocol/frame.ts";
import type { SocketMessage } from "../../../src/party/transport/socket.ts";
import { lineOfSound } from "../world/sound.ts";
import { must } from "./fault.ts";
import { isFor, type Said } from "./said.ts";

const NAMES = /K(\d+)S\d+/g;

/** Looks at every message for lines that are not for whom it goes to. @throws Fault */
export function sniff(said: readonly Said[], player: string, message: SocketMessage): void {
  if (player === "dm") return;
  const found = (line: number): void => {
    const own = said[line];
    must(own !== undefined, () => `${player} was sent something of a line ${line} that nobody said`);
    must(
      isFor(own, player),
      () => `${player} was sent something of line ${line}, which is for ${String(own.to)}`,
    );
  };
  if (typeof message !== "string") found(lineOfSound(message.subarray(FRAME_HEADER_BYTES)));
  else if (message.startsWith('{"type":"audio"')) found(lineOfSound(fromBase64(JSON.parse(message).data)));
  else for (const [, line] of message.matchAll(NAMES)) found(Number(line));
}

/** Nothing of a line is to be read in a log or in figures. @throws Fault */
export function sniffText(where: string, text: string): void {
  const [name] = text.match(NAMES) ?? [];
  must(name === undefined, () => `${where} has ${name} in it: ${text.slice(0, 300)}`);
}
