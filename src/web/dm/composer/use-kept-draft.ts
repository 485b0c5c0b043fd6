import { useCallback, useEffect, useRef } from "hono/jsx/dom";
import type { Api } from "../api.ts";
import type { Draft, KeptDraft } from "../draft.ts";

/** ms without a change after which it is kept. */
const QUIET_MS = 400;

/** Has the server keep what is being written, and brings it back to a page that begins. */
export function useKeptDraft(
  api: Api,
  draft: Draft,
  onFound: (found: KeptDraft) => void,
): (text: string) => void {
  const text = useRef("");
  const written = useRef<string | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(null);

  const keep = useCallback((): void => {
    clearTimeout(timer.current ?? undefined);
    timer.current = setTimeout(() => {
      const next = { ...draft, text: text.current ?? "" };
      if (JSON.stringify(next) === written.current) return;
      written.current = JSON.stringify(next);
      // The next change is another try.
      api.keepDraft(next).catch(() => undefined);
    }, QUIET_MS);
  }, [api, draft]);

  useEffect(() => {
    api.draft().then(
      (found) => {
        // Whoever is writing already goes on.
        if (found && text.current === "") onFound(found);
      },
      () => undefined,
    );
  }, [api]);
  useEffect(() => {
    // The first one is what the page begins with, and nobody's wish.
    if (written.current === undefined) written.current = JSON.stringify({ ...draft, text: "" });
    else keep();
  }, [draft]);

  return (next) => {
    text.current = next;
    keep();
  };
}
