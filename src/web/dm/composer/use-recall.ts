import { useRef } from "hono/jsx/dom";
import type { Draft } from "../draft.ts";

/** Lines that Up brings back. */
const REMEMBERED = 50;

/** A line, by whom, how and to whom it was said. */
export interface Said {
  text: string;
  manner: Draft;
}

export interface Recall {
  remember: (line: Said) => void;
  /** Up and Down in a box that is empty or shows a line brought back: what it is to show; undefined: the key is for others. */
  browse: (key: "ArrowUp" | "ArrowDown", shown: Said) => Said | undefined;
}

/** What was said before, to be brought back with Up: by those who said it, to those it was said to. */
export function useRecall(): Recall {
  const said = useRef<readonly Said[]>([]);
  const back = useRef(0);
  const before = useRef<Draft | undefined>(undefined);
  return {
    remember: (line) => {
      said.current = [...(said.current ?? []), line].slice(-REMEMBERED);
      back.current = 0;
    },
    browse: (key, { text, manner }) => {
      const lines = said.current ?? [];
      const at = text === "" ? 0 : (back.current ?? 0);
      if (text !== "" && text !== lines.at(-at)?.text) return undefined;
      const next = Math.min(lines.length, at + (key === "ArrowUp" ? 1 : -1));
      if (next < 0 || lines.length === 0) return undefined;
      if (at === 0) before.current = manner;
      back.current = next;
      return (next > 0 ? lines.at(-next) : undefined) ?? { text: "", manner: before.current ?? manner };
    },
  };
}
