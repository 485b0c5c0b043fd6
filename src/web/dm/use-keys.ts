import { useEffect, useRef } from "hono/jsx/dom";

/** What keys do wherever the focus is. */
export interface Keys {
  /** Something speaks or waits. */
  isBusy: boolean;
  /** Single keys act where nobody writes. */
  singleKeys: boolean;
  onStop: () => void;
  /** Closes what is open; false where nothing is. */
  onClose: () => boolean;
  /** Says what is prepared under a key; false where nothing is. */
  onKey: (key: string) => boolean;
}

const WRITES = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

/** Esc stops the voice first and closes then, in a dialog too; single keys say prepared lines. */
export function useKeys(keys: Keys): void {
  const current = useRef<Keys>(keys);
  current.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { isBusy, singleKeys, onStop, onClose, onKey } = current.current ?? keys;
      const { key, isComposing, keyCode, ctrlKey, metaKey, altKey, repeat } = event;
      if (event.defaultPrevented || isComposing || keyCode === 229) return;
      const target = event.target as HTMLElement;
      if (key === "Escape") {
        if (isBusy) onStop();
        else if (document.querySelector("dialog[open]") || !onClose()) return;
        // A dialog stays open while there is something to stop.
        event.preventDefault();
      } else if (singleKeys && !ctrlKey && !metaKey && !altKey && !repeat) {
        if (target.closest?.(WRITES) || document.querySelector("dialog[open]")) return;
        if (onKey(key)) event.preventDefault();
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}
