import { useCallback, useState } from "hono/jsx/dom";
import { useMedia } from "./use-media.ts";

export const PANELS = ["lines", "cast", "sound", "table"] as const;
export type PanelName = (typeof PANELS)[number];

/** As in `styles/dm/widths.css`: there is room beside the table… */
const BESIDE = "(min-width: 62rem) and (min-height: 32.01rem)";
/** …and on its other side, where the prepared lines stay. */
const BOTH_SIDES = "(min-width: 94rem) and (min-height: 32.01rem)";

export interface Panels {
  /** The one that is chosen. */
  chosen: PanelName;
  /** Whether it is to be seen. */
  isShown: boolean;
  /** It took the composer's place, and can be closed. */
  isOpen: boolean;
  /** Tabs there are. */
  tabs: readonly PanelName[];
  /** Chooses one; the one that is open is closed. */
  choose: (panel: PanelName) => void;
  close: () => void;
}

/** What stands beside the table: always where there is room, else when it is opened. */
export function usePanel(): Panels {
  const isBeside = useMedia(BESIDE);
  const isBoth = useMedia(BOTH_SIDES);
  const [panel, setPanel] = useState<PanelName>("lines");
  const [open, setOpen] = useState(false);
  const chosen = isBoth && panel === "lines" ? "cast" : panel;
  const close = useCallback(() => setOpen(false), []);
  const choose = (next: PanelName): void => {
    setOpen(isBeside || !(open && next === panel));
    setPanel(next);
  };
  const isOpen = open && !isBeside;
  const tabs = PANELS.filter((name) => !(isBoth && name === "lines"));
  return { chosen, isShown: isBeside || isOpen, isOpen, tabs, choose, close };
}
