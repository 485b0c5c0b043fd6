import { useEffect, useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { type Place, socketUrl } from "../../shared/place.ts";
import type { Api } from "../api.ts";
import { Icon } from "../icons.tsx";

/** What the table hears, on this computer too: off until it is chosen. Whispers stay with those they are for. */
export function ListenAlong(props: {
  api: Api;
  place: Place;
  /** Gets what may fail. */
  attempt: (action: () => Promise<unknown>) => Promise<boolean>;
}): JSX.Element {
  const { api, place, attempt } = props;
  const [on, setOn] = useState(false);
  const close = useRef<(() => void) | undefined>(undefined);
  const wished = useRef(false);
  useEffect(() => () => close.current?.(), []);

  const open = async (context: AudioContext): Promise<void> => {
    const token = await api.listenAlong();
    const { openEar } = await import("./ear.ts");
    if (!wished.current) return;
    close.current = openEar(socketUrl({ ...place, token }), context);
  };
  const choose = async (next: boolean): Promise<void> => {
    wished.current = next;
    setOn(next);
    close.current?.();
    close.current = undefined;
    if (!next) return;
    // In the tap itself: browsers let nothing sound otherwise.
    const context = new AudioContext();
    void context.resume();
    if (!(await attempt(() => open(context)))) setOn(false);
  };
  return (
    <label class="ear">
      <Icon name="ear" />
      <span>Listen along</span>
      <select
        aria-label="Listen along"
        onChange={(event: Event) => choose((event.target as HTMLSelectElement).value === "table")}
      >
        <option value="off" selected={!on}>
          off
        </option>
        <option value="table" selected={on}>
          the table
        </option>
      </select>
    </label>
  );
}
