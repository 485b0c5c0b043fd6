import { renderUnicodeCompact } from "uqr";
import { say, sayLines } from "../terminal.ts";

/** A player and their short link. */
interface Invitation {
  id: string;
  url: string;
}

/** What of `process.stdin` is used. */
interface Keyboard {
  isTTY?: boolean;
  on(event: "data", listener: (data: Uint8Array) => void): unknown;
  off(event: "data", listener: (data: Uint8Array) => void): unknown;
  resume(): unknown;
  pause(): unknown;
  unref?(): unknown;
}

/**
 * Shows the players' codes, one each time Enter is pressed: all at once they would push each other off the screen.
 * @returns ends it
 */
export function offerCodes(invitations: readonly Invitation[], keyboard: Keyboard): () => void {
  let next = 0;
  const onData = (data: Uint8Array): void => {
    for (const byte of data) {
      if (byte !== 0x0a) continue;
      const invitation = invitations[next];
      if (!invitation) return;
      next = (next + 1) % invitations.length;
      showCode(invitation, invitations[next]);
    }
  };
  keyboard.on("data", onData);
  keyboard.resume();
  return () => {
    keyboard.off("data", onData);
    keyboard.pause();
    keyboard.unref?.();
  };
}

/** One code, in fewer than 24 rows where the link is of a usual length. */
function showCode({ id, url }: Invitation, next: Invitation | undefined): void {
  say(`${id} scans this, or opens ${url}`);
  sayLines(renderUnicodeCompact(url, { ecc: "L", border: 2 }));
  say(`Enter: the code of ${next?.id ?? id}`);
}
