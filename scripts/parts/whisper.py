"""Reads speech back: for each line of stdin, the path of a 16-bit mono WAV file at 16 kHz of 30 s at most, the words that
a Whisper model (CTranslate2's format) hears in it are written to stdout as a JSON string on a line.

whisper.py MODEL_FOLDER
"""

import json
import sys
import wave

import ctranslate2
import numpy as np

RATE, WINDOW, HOP, MELS = 16_000, 400, 160, 80
# Frames of 10 ms that the model looks at. Half of what it was trained with is enough for a sentence, and takes half the time.
FEW_FRAMES, ALL_FRAMES = 1500, 3000
HANN = np.hanning(WINDOW + 1)[:-1].astype(np.float32)


def mel_filters():
    """Slaney's filters, as Whisper was trained with them."""
    to_mel = lambda hz: np.where(hz >= 1000, 15 + 27 * np.log(np.maximum(hz, 1) / 1000) / np.log(6.4), 3 * hz / 200)
    to_hz = lambda mel: np.where(mel >= 15, 1000 * np.exp(np.log(6.4) * (mel - 15) / 27), 200 * mel / 3)
    bins = np.linspace(0, RATE / 2, WINDOW // 2 + 1)
    edges = to_hz(np.linspace(0, to_mel(np.array(RATE / 2)), MELS + 2))
    slopes = edges[:, None] - bins[None, :]
    widths = np.diff(edges)[:, None]
    rising, falling = -slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]
    area = 2 / (edges[2:] - edges[:-2])
    return (np.maximum(0, np.minimum(rising, falling)) * area[:, None]).astype(np.float32)


FILTERS = mel_filters()


def features(path):
    with wave.open(path) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2), path
        pcm = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
    count = FEW_FRAMES if len(pcm) < 0.8 * FEW_FRAMES * HOP else ALL_FRAMES
    padded = np.zeros(count * HOP, np.float32)
    padded[: min(len(pcm), len(padded))] = pcm[: len(padded)]
    padded = np.pad(padded, WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:count]
    power = np.abs(np.fft.rfft(frames * HANN)) ** 2
    mel = np.log10(np.maximum(FILTERS @ power.T.astype(np.float32), 1e-10))
    mel = np.maximum(mel, mel.max() - 8)
    return ((mel + 4) / 4).astype(np.float32)


def byte_of():
    """The bytes that the letters of GPT-2's tokens stand for."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + at): byte for at, byte in enumerate(others)}


BYTES = byte_of()


def text_of(tokens):
    letters = "".join(token for token in tokens if not token.startswith("<|"))
    return bytes(BYTES[letter] for letter in letters if letter in BYTES).decode("utf-8", "replace").strip()


model = ctranslate2.models.Whisper(sys.argv[1], compute_type="int8", intra_threads=1)
start = ["<|startoftranscript|>", *(["<|en|>", "<|transcribe|>"] if model.is_multilingual else []), "<|notimestamps|>"]
for line in sys.stdin:
    mel = ctranslate2.StorageView.from_array(features(line.strip())[None])
    found = model.generate(mel, [start], beam_size=5)[0]
    print(json.dumps(text_of(found.sequences[0])), flush=True)
