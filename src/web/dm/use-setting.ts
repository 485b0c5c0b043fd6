import { useState } from "hono/jsx/dom";

/** Yes or no, remembered by this browser where it remembers anything. */
export function useSetting(name: string, first: boolean): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => kept(name) ?? first);
  const set = (next: boolean): void => {
    setOn(next);
    try {
      localStorage.setItem(name, String(next));
    } catch {
      // It is good for as long as the page is open.
    }
  };
  return [on, set];
}

function kept(name: string): boolean | undefined {
  try {
    const value = localStorage.getItem(name);
    return value === null ? undefined : value === "true";
  } catch {
    return undefined;
  }
}
