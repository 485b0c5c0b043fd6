/** ms between two looks at a file; what is being written is read when two looks in a row see the same. */
const LOOK_MS = 500;

/** What is looked at. */
export interface Watched {
  /** Says something else whenever the text has changed; undefined where there is none. Missing where nothing can be said. */
  stamp?: () => Promise<string | undefined>;
}

/**
 * Calls `changed` whenever a text was changed and has come to rest, by asking for its stamp twice a second: what tells
 * programs of changes differs between runtimes, file systems and editors. Returns what ends that.
 * @param changed is waited for; never rejects
 */
export function onChange({ stamp }: Watched, changed: () => Promise<void>): () => void {
  if (!stamp) return () => undefined;
  let settled: string | undefined;
  let seen: string | undefined;
  let isFirst = true;
  let isBusy = false;
  const look = async (): Promise<void> => {
    const now = await stamp();
    if (isFirst) settled = now;
    // One that is not there is being replaced, or was deleted, in which case the last good one stays.
    else if (now !== undefined && now !== settled && now === seen) {
      settled = now;
      await changed();
    }
    isFirst = false;
    seen = now;
  };
  const tick = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    // What cannot be looked at now may be there at the next look.
    await look().catch(() => undefined);
    isBusy = false;
  };
  const timer = setInterval(() => void tick(), LOOK_MS);
  const handle: { unref?: () => void } | number = timer;
  if (typeof handle === "object") handle.unref?.();
  void tick();
  return () => clearInterval(timer);
}
