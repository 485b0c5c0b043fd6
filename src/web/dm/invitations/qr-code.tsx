import type { JSX } from "hono/jsx/dom/jsx-runtime";
import { encode } from "uqr";

/** Quiet modules around the code, as ISO/IEC 18004 asks. */
const BORDER = 4;

/** A code to scan, drawn as one path: a run of dark modules is one rectangle. */
export function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  const { data, size } = encode(text, { ecc: "M", border: BORDER });
  const runs = data.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1]) return [];
      const end = row.indexOf(false, x);
      return [`M${x} ${y}h${end - x}v1H${x}z`];
    }),
  );
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path d={runs.join("")} />
    </svg>
  );
}
