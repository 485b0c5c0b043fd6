import { useCallback, useEffect, useMemo, useState } from "hono/jsx/dom";
import type { SoundsStatus } from "../../../core/protocol/sounds.ts";
import type { Place } from "../../shared/place.ts";
import { adviceOn } from "../advice.ts";
import { measured } from "./measured.ts";
import { SoundsApi } from "./sounds-api.ts";

/** What others change is seen so soon. */
const EVERY_MS = 4_000;

export interface Sounds {
  api: SoundsApi;
  /** Undefined: not known yet. */
  status: SoundsStatus | undefined;
  /** What went wrong, and what to do; of files, for each. */
  troubles: readonly string[];
  /** Does something that answers how it is then. */
  act: (action: (api: SoundsApi) => Promise<SoundsStatus>) => Promise<void>;
  /** Keeps files that were chosen or dropped. */
  add: (files: readonly File[]) => Promise<void>;
}

/** The campaign's sounds; files that nobody has measured are measured here, one after the other. */
export function useSounds(place: Place): Sounds {
  const api = useMemo(() => new SoundsApi(place), [place]);
  const [status, setStatus] = useState<SoundsStatus>();
  const [troubles, setTroubles] = useState<readonly string[]>([]);
  const act = useCallback(
    async (action: (api: SoundsApi) => Promise<SoundsStatus>): Promise<void> => {
      try {
        setStatus(await action(api));
        setTroubles([]);
      } catch (error) {
        setTroubles([adviceOn(error)]);
      }
    },
    [api],
  );
  const add = async (files: readonly File[]): Promise<void> => {
    const refused: string[] = [];
    for (const file of files) {
      try {
        await api.add(file);
      } catch (error) {
        refused.push(`“${file.name}” was not added. ${adviceOn(error)}`);
      }
    }
    await act((of) => of.status());
    setTroubles(refused);
  };
  useEffect(() => {
    const look = (): void => void api.status().then(setStatus, () => undefined);
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, [api]);
  useMeasuring(api, status, setStatus);
  return { api, status, troubles, act, add };
}

function useMeasuring(
  api: SoundsApi,
  status: SoundsStatus | undefined,
  onStatus: (status: SoundsStatus) => void,
): void {
  const [tried, setTried] = useState<readonly string[]>([]);
  const next = status?.sounds.find(
    ({ id, builtIn, measure }) => !builtIn && !measure && !tried.includes(id),
  )?.id;
  useEffect(() => {
    if (next === undefined) return;
    const measure = async (): Promise<void> => {
      try {
        onStatus(await api.measure(next, await measured(await api.file(next))));
      } catch {
        // Another browser may be able to; until then it plays as it is.
      }
      setTried((before) => [...before, next]);
    };
    void measure();
  }, [next]);
}
