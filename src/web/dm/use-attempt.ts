import { useCallback, useState } from "hono/jsx/dom";
import { adviceOn } from "./advice.ts";

export interface Attempts {
  /** What went wrong with the last one, and what to do. */
  trouble: string | undefined;
  /** Resolves with whether it worked; never rejects. */
  attempt: (action: () => Promise<unknown>) => Promise<boolean>;
}

/** Things that may go wrong, and what to tell the game master then. `onEnd` is called after each. */
export function useAttempt(onEnd?: () => void): Attempts {
  const [trouble, setTrouble] = useState<string>();
  const attempt = useCallback(
    async (action: () => Promise<unknown>): Promise<boolean> => {
      try {
        await action();
        setTrouble(undefined);
        return true;
      } catch (error) {
        setTrouble(adviceOn(error));
        return false;
      } finally {
        onEnd?.();
      }
    },
    [onEnd],
  );
  return { trouble, attempt };
}
