import type { JSX } from "hono/jsx/dom/jsx-runtime";

/** Something to know before the next line, and what can be done about it. */
export interface Piece {
  words: string;
  /** In the way of everything else. */
  isTrouble?: boolean;
  mend?: { words: string; onMend: () => void };
}

/** One strip above the seats: the first of what there is to know. */
export function News({ piece }: { piece: Piece | undefined }): JSX.Element {
  return (
    <div class="news" role="alert">
      {piece && (
        <p key={piece.words}>
          <span class={piece.isTrouble ? "trouble" : ""}>{piece.words}</span>
          {piece.mend && (
            <button type="button" class="quiet" onClick={piece.mend.onMend}>
              {piece.mend.words}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
