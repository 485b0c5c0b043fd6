/** Copies an input's text, also where there is no clipboard API: it exists in secure contexts only. */
export async function copyFrom(input: HTMLInputElement): Promise<boolean> {
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
