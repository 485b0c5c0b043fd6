import { useRef, useState } from "hono/jsx/dom";
import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { displayName } from "../../shared/names.ts";
import { samePlayer } from "./same-player.ts";

/** One more player; what is wrong with the name stands beside it. */
export function AddPlayer(props: {
  players: readonly string[];
  /** What the server said of the last one. */
  trouble: string | undefined;
  onAdd: (name: string) => Promise<boolean>;
}): JSX.Element {
  const { players, trouble, onAdd } = props;
  const name = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const look = (): string | undefined => {
    const typed = name.current?.value.trim() ?? "";
    const same = samePlayer(typed, players);
    const next =
      same &&
      `${displayName(same)} has a code already${same === typed ? "" : "; capitals make no other player"}.`;
    setProblem(next);
    return next;
  };
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { current } = name;
    if (!current) return;
    if (current.value.trim() === "") setProblem("Give the player a name.");
    else if (!look() && (await onAdd(current.value.trim()))) current.value = "";
    current.focus();
  };
  const words = problem ?? trouble;
  return (
    <form id="add" noValidate onSubmit={add}>
      <label for="add-name">One more player</label>
      <input
        ref={name}
        id="add-name"
        maxLength={64}
        autoComplete="off"
        aria-describedby="add-error"
        aria-invalid={words ? "true" : "false"}
        onInput={look}
      />
      <button type="submit">Invite</button>
      <p class="error" id="add-error" role="alert">
        {words}
      </p>
    </form>
  );
}
