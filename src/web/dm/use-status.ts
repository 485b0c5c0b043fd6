import { useCallback, useEffect, useRef, useState } from "hono/jsx/dom";
import type { PartyStatus } from "../../core/protocol/api.ts";
import { adviceOn } from "./advice.ts";
import type { Api } from "./api.ts";

const POLL_MS = 1_000;
/** While something is said. */
const BUSY_POLL_MS = 500;
/** While the tab is behind others. */
const BEHIND_POLL_MS = 3_000;

export interface StatusWatch {
  /** The last one known. */
  status: PartyStatus | undefined;
  /** Why it is not up to date. */
  problem: string | undefined;
  /** Looks now. */
  refresh: () => void;
}

/**
 * The table's status, looked up about once a second, and more often while something is said, as long as the tab is in front.
 * @param alsoBehind seldom also behind others: somebody listens for what comes
 */
export function useStatus(api: Api, alsoBehind: boolean): StatusWatch {
  const [status, setStatus] = useState<PartyStatus>();
  const [problem, setProblem] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(null);
  const busy = useRef(false);
  const listens = useRef(alsoBehind);
  listens.current = alsoBehind;

  const refresh = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    clearTimeout(timer.current ?? undefined);
    let next = POLL_MS;
    try {
      const status = await api.status();
      setStatus(status);
      if (status.queue.length > 0) next = BUSY_POLL_MS;
      setProblem(undefined);
    } catch (error) {
      setProblem(adviceOn(error));
    }
    busy.current = false;
    const isInFront = document.visibilityState === "visible";
    if (isInFront || listens.current) timer.current = setTimeout(refresh, isInFront ? next : BEHIND_POLL_MS);
  }, [api]);

  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") void refresh();
    };
    document.addEventListener("visibilitychange", look);
    look();
    return () => {
      document.removeEventListener("visibilitychange", look);
      clearTimeout(timer.current ?? undefined);
    };
  }, [refresh]);

  return { status, problem, refresh };
}
