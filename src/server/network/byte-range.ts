/** A part of a file: from the first byte up to the one before `to`. */
export interface ByteRange {
  from: number;
  to: number;
}

/**
 * Which part of `size` bytes a `Range` asks for (RFC 9110 §14.2).
 * @returns undefined: all of it, also for several ranges and units that are not known; `unsatisfiable`: none that there is
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "")
    return last === "0" ? "unsatisfiable" : { from: Math.max(0, size - Number(last)), to: size };
  const from = Number(first);
  if (last !== "" && Number(last) < from) return undefined;
  if (from >= size) return "unsatisfiable";
  return { from, to: last === "" ? size : Math.min(size, Number(last) + 1) };
}
