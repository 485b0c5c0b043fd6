import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { Icon } from "../icons.tsx";

/** The handle of a line in a list, to move it with the arrow keys. */
export function Grip(props: { id: string; words: string; onMove: (by: 1 | -1) => void }): JSX.Element {
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    props.onMove(event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    <button
      type="button"
      class="quiet grip"
      id={`grip-${props.id}`}
      aria-label={`Move with the arrow keys: ${props.words}`}
      onKeyDown={press}
    >
      <Icon name="grip" />
    </button>
  );
}

/** Attributes of a line that is dragged, and on which others are dropped. @param onDrop the other one's id */
export function draggable(id: string, onDrop: (id: string) => void): JSX.IntrinsicElements["li"] {
  return {
    draggable: "true",
    onDragStart: (event: DragEvent) => event.dataTransfer?.setData("text/plain", id),
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      onDrop(event.dataTransfer?.getData("text/plain") ?? "");
    },
  };
}
