/** Whether this browser lets a page keep the screen on; only in secure contexts. */
export const canKeepScreenOn: boolean = "wakeLock" in navigator;

/** Keeps the screen on from now on, whenever the page is in front. */
export function keepScreenOn(): void {
  if (!canKeepScreenOn) return;
  const request = (): void => {
    if (document.visibilityState !== "visible") return;
    // Refused with a low battery; the page works without.
    navigator.wakeLock.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", request);
  request();
}
