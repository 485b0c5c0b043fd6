import { useRef } from "hono/jsx/dom";

/** Lines that Up brings back. */
const REMEMBERED = 50;

export interface Recall {
  remember: (line: string) => void;
  /** Up and Down in a box that is empty or shows a line brought back; true where the key is used up. */
  browse: (key: "ArrowUp" | "ArrowDown", box: HTMLTextAreaElement) => boolean;
}

/** What was said before, to be brought back with Up. */
export function useRecall(): Recall {
  const said = useRef<readonly string[]>([]);
  const back = useRef(0);
  return {
    remember: (line) => {
      said.current = [...said.current, line].slice(-REMEMBERED);
      back.current = 0;
    },
    browse: (key, box) => {
      const lines = said.current;
      const at = box.value === "" ? 0 : back.current;
      if (box.value !== "" && box.value !== lines.at(-at)) return false;
      const next = Math.min(lines.length, at + (key === "ArrowUp" ? 1 : -1));
      if (next < 0) return false;
      back.current = next;
      box.value = next > 0 ? (lines.at(-next) ?? "") : "";
      return true;
    },
  };
}
