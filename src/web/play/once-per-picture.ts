/** `work`, but run once before the next picture; a page that is not seen has none. */
export function oncePerPicture(work: () => void): () => void {
  let isDue = false;
  const run = (): void => {
    isDue = false;
    work();
  };
  return () => {
    if (isDue) return;
    isDue = true;
    if (document.visibilityState === "visible") requestAnimationFrame(run);
    else setTimeout(run);
  };
}
