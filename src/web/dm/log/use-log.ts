import { useEffect, useRef, useState } from "hono/jsx/dom";
import type { RecentUtterance } from "../../../core/protocol/api.ts";
import type { Api } from "../api.ts";

/** Lines of one look back. */
const PAGE = 50;
/** Lines a page holds: more than is said in an evening. */
const MAX_LINES = 5_000;

export interface Log {
  /** Oldest first. */
  said: readonly RecentUtterance[];
  /** There are older ones. */
  hasMore: boolean;
  loadEarlier: () => Promise<void>;
  /** Loads all there is. */
  loadAll: () => Promise<readonly RecentUtterance[]>;
}

/** What was said: as the status tells it, and as far back as somebody has looked. */
export function useLog(api: Api, recent: readonly RecentUtterance[]): Log {
  const lines = useRef<ReadonlyMap<string, RecentUtterance>>(new Map());
  const [hasMore, setMore] = useState(true);
  const [, redraw] = useState(0);

  // What becomes of a line is known after it was first told of.
  const known = new Map(lines.current ?? []);
  for (const line of [...recent].reverse()) known.set(line.utterance, line);
  lines.current = known;

  const earlier = async (limit = PAGE): Promise<boolean> => {
    const before = lines.current ?? new Map();
    const [first] = before.keys();
    const { utterances, more } = await api.log(first, limit);
    const found = [...utterances].reverse().map((line) => [line.utterance, line] as const);
    lines.current = new Map([...found, ...(lines.current ?? [])]);
    const isMore = more && lines.current.size < MAX_LINES;
    setMore(isMore);
    redraw((count) => count + 1);
    return isMore;
  };
  const loadEarlier = async (): Promise<void> => {
    await earlier();
  };
  // Whether there are older ones is known by asking.
  useEffect(() => void earlier().catch(() => undefined), []);
  const loadAll = async (): Promise<readonly RecentUtterance[]> => {
    let isMore = hasMore;
    while (isMore) isMore = await earlier(100);
    return [...(lines.current ?? known).values()];
  };
  return { said: [...known.values()], hasMore: hasMore && known.size > 0, loadEarlier, loadAll };
}
