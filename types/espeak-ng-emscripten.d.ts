/** eSpeak's package has no types of its own; `espeak-synth.ts` says what it uses of it. */
declare module "@echogarden/espeak-ng-emscripten";
