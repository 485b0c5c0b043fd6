import type { Claims } from "./tokens.ts";

/** The longest that a timer waits. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Calls back when what somebody was let in by has expired, unless the returned function is called before. */
export function whenExpired({ expiresAt }: Pick<Claims, "expiresAt">, callback: () => void): () => void {
  if (expiresAt === undefined) return () => undefined;
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    const leftMs = expiresAt * 1000 - Date.now();
    if (leftMs <= 0) callback();
    else timer = setTimeout(wait, Math.min(leftMs, MAX_TIMER_MS));
  };
  wait();
  return () => clearTimeout(timer);
}
