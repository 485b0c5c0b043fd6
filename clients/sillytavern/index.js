import { registerTtsProvider, saveTtsProviderSettings } from "../../tts/index.js";
import { BardcastProvider } from "./bardcast-provider.js";

registerTtsProvider(
  "Bardcast",
  class extends BardcastProvider {
    saveSettings() {
      saveTtsProviderSettings();
    }
  },
);
