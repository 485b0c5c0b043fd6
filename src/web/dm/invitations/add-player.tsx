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
  const [typed, setTyped] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const same = samePlayer(typed, players);
  const look = (): string => {
    const next = name.current?.value.trim() ?? "";
    setTyped(next);
    setIsMissing(false);
    return next;
  };
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wanted = look();
    setIsMissing(wanted === "");
    const { current } = name;
    if (current && wanted !== "" && !samePlayer(wanted, players) && (await onAdd(wanted))) {
      current.value = "";
      look();
    }
    current?.focus();
  };
  const taken =
    same &&
    `${displayName(same)} has a code already${same === typed ? "" : "; capitals make no other player"}.`;
  const words = isMissing ? "Give the player a name." : (taken ?? trouble);
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
