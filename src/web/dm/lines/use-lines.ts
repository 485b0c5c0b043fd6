import { useCallback, useEffect, useRef, useState } from "hono/jsx/dom";
import type { PreparedLine } from "../../../core/protocol/prepared-line.ts";
import { adviceOn } from "../advice.ts";
import type { Api } from "../api.ts";
import { grouped } from "./order.ts";

/** How far a line is from starting at once. */
export interface Readiness {
  state: "making" | "ready" | "partly" | "failed";
  words: string;
}

export interface Lines {
  /** In the order in which they stand; the first nine have keys. */
  lines: readonly PreparedLine[];
  readiness: ReadonlyMap<string, Readiness>;
  /** What went wrong, or is not as it should be. */
  trouble: string | undefined;
  change: (lines: readonly PreparedLine[]) => void;
  makeAllReady: () => void;
}

/** The prepared lines, as the campaign keeps them, each made ahead where nothing else is to be done. */
export function useLines(api: Api): Lines {
  const [lines, setLines] = useState<readonly PreparedLine[]>([]);
  const [readiness, setReadiness] = useState<ReadonlyMap<string, Readiness>>(new Map());
  const [trouble, setTrouble] = useState<string>();
  const making = useRef<AbortController | undefined>(undefined);

  const makeReady = useCallback(
    async (wanted: readonly PreparedLine[]): Promise<void> => {
      making.current?.abort();
      const asked = new AbortController();
      making.current = asked;
      const { signal } = asked;
      // One after the other: whoever is first in the list is first to be ready.
      for (const { id, line } of wanted) {
        const note = (next: Readiness): void =>
          setReadiness((known) => (signal.aborted ? known : new Map(known).set(id, next)));
        note({ state: "making", words: "making it" });
        try {
          const { sentences, cached } = await api.prepare(line, signal);
          const isReady = cached === sentences;
          note(
            isReady
              ? { state: "ready", words: "✓ ready" }
              : { state: "partly", words: `${cached} of ${sentences} ready` },
          );
        } catch (error) {
          note({ state: "failed", words: adviceOn(error) });
        }
        if (signal.aborted) return;
      }
    },
    [api],
  );

  useEffect(() => {
    api.lines().then(
      (found) => {
        setLines(grouped(found));
        void makeReady(found);
      },
      (error) => setTrouble(adviceOn(error)),
    );
    return () => making.current?.abort();
  }, [api, makeReady]);

  const change = (next: readonly PreparedLine[]): void => {
    const ordered = grouped(next);
    const isSame = ({ id, line }: PreparedLine): boolean =>
      lines.some((old) => old.id === id && old.line === line);
    const isUnready = (line: PreparedLine): boolean =>
      !isSame(line) || readiness.get(line.id)?.state !== "ready";
    setLines(ordered);
    if (ordered.some(isUnready)) void makeReady(ordered.filter(isUnready));
    api.keepLines(ordered).then(
      (isKept) =>
        setTrouble(isKept ? undefined : "Nothing is kept here: these lines are gone when Bardcast ends."),
      (error) => setTrouble(`Not kept: ${adviceOn(error)}`),
    );
  };
  return { lines, readiness, trouble, change, makeAllReady: () => void makeReady(lines) };
}
