const RATE = 8_000;
/** Browsers show nothing of what is shorter than five seconds. */
const SECONDS = 10;
const HEADER_BYTES = 44;

/**
 * Phones show on their lock screen, and let sound while it is locked, a page with a media element that plays; sound of an
 * audio context alone does not count. So there is one that plays silence. Call it in a tap.
 */
export function playSilence(): void {
  if (!matchMedia("(pointer: coarse)").matches) return;
  const silence = new Audio(URL.createObjectURL(new Blob([silentWav()], { type: "audio/wav" })));
  silence.loop = true;
  // Refused, the page sounds all the same while it is seen.
  silence.play().catch(() => undefined);
}

/** 8 bits, mono. */
function silentWav(): ArrayBuffer {
  const samples = RATE * SECONDS;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + samples));
  const text = (at: number, letters: string): void => {
    for (const [index, letter] of [...letters].entries()) view.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + samples, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, "data");
  view.setUint32(40, samples, true);
  new Uint8Array(view.buffer, HEADER_BYTES).fill(128);
  return view.buffer;
}
