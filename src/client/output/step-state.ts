/** How well this device keeps step with the table. */
export interface StepState {
  /** ms by which it plays late (early where negative), as far as it can tell. */
  skewMs: number;
  /** ms by which that may be wrong: what its clocks cannot know. */
  uncertaintyMs: number;
  /** False: the device does not say truthfully when sound leaves it; only ears can tell. */
  isTrusted: boolean;
}
