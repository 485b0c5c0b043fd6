import { useEffect, useRef } from "hono/jsx/dom";
import type { Answer } from "../../../core/protocol/answers.ts";
import type { useSetting } from "../use-setting.ts";
import { chime } from "./chime.ts";

/** Whether players are heard who tell something. */
export interface Chime {
  on: boolean;
  /** Call it in a tap: browsers let nothing sound otherwise. */
  choose: (on: boolean) => void;
}

/**
 * A soft sound when a player raises a hand, writes or asks for something. Off until it is chosen; then it sounds at once, so
 * that it is known how.
 * @param answers newest first; undefined while nothing is known of the table
 */
export function useChime(
  [on, setOn]: ReturnType<typeof useSetting>,
  answers: readonly Answer[] | undefined,
): Chime {
  const context = useRef<AudioContext | undefined>(undefined);
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  const ring = async (): Promise<void> => {
    context.current ??= new AudioContext();
    await context.current.resume();
    chime(context.current);
  };
  const choose = (next: boolean): void => {
    setOn(next);
    if (next) void ring();
  };
  useEffect(() => {
    if (!answers) return;
    const before = known.current;
    known.current = new Set(answers.map(({ id }) => id));
    const isNews = answers.some(({ id, raised }) => raised !== false && before?.has(id) === false);
    if (on && isNews) void ring();
  }, [answers]);
  return { on, choose };
}
