/**
 * Calls `listener` when the page becomes visible or the device comes online again: there is no reason to wait
 * any longer. Does nothing where there is no page.
 */
export function onPageReturn(listener: () => unknown, signal: AbortSignal): void {
  globalThis.addEventListener?.("online", listener, { signal });
  // Safari brings a page back from its cache without a word about its visibility.
  globalThis.addEventListener?.(
    "pageshow",
    (event) => (event as PageTransitionEvent).persisted && listener(),
    { signal },
  );
  globalThis.document?.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") listener();
    },
    { signal },
  );
}
