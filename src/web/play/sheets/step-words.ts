import type { StepState } from "../../../client/index.ts";

/** How well this device keeps step, in words that promise no more than it can know. */
export function stepWords({ isTrusted }: StepState): string {
  return isTrusted
    ? "This device sounds together with the others"
    : "This device may sound a little before or after the others";
}

/** How far off it may be: for who asks. */
export function stepDetail({ skewMs, uncertaintyMs, isTrusted }: StepState): string {
  if (!isTrusted) return "It does not say how late its sound is: only ears can tell.";
  const ms = Math.max(1, Math.ceil(Math.abs(skewMs) + uncertaintyMs));
  return `To within ${ms} thousandths of a second.`;
}

/** By how much somebody has moved the sound of this device. */
export function trimWords(ms: number): string {
  const whole = Math.round(ms);
  if (whole === 0) return "unchanged";
  return whole > 0 ? `${whole} ms earlier` : `${-whole} ms later`;
}
