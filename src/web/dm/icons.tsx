import type { JSX } from "hono/jsx/dom/jsx-runtime";

/** How each is drawn, on 24 × 24. */
const SHAPES = {
  ear: "M4 15v-3a8 8 0 0 1 16 0v3M4 14h3v6H5a1 1 0 0 1-1-1Zm16 0h-3v6h2a1 1 0 0 0 1-1Z",
  glass: "M16.500 10.500a6 6 0 1 1-12 0 6 6 0 0 1 12 0ZM15 15l5.500 5.500",
  again: "M5 12a7.500 7.500 0 1 0 2.500-5.600M4.500 3.500l2.500 3.200-3.600 1.800",
  lines: "M5 6h14M5 12h14M5 18h8",
  cast: "M5 5c5 2 9 2 14 0 0 9-2 14-7 15C7 19 5 14 5 5Zm4 5h1.500m3 0H15m-5 4.500c1.300 1 2.700 1 4 0",
  bell: "M6 16.500c1.500-2 1-5 2-7.500a4.200 4.200 0 0 1 8 0c1 2.500.5 5.500 2 7.500ZM10 19.500c1 1.300 3 1.300 4 0",
  table: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0ZM12 2.500v2m0 15v2M2.500 12h2m15 0h2",
  grip: "M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1",
} as const;

export type IconName = keyof typeof SHAPES;

/** A sign beside words, or with a label elsewhere: it says nothing to a screen reader. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class={`i i-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
