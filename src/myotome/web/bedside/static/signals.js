// A short sound and a short vibration with what was recorded or refused, where the device has them and nobody switched
// them off. The switch is kept on the device: it is about the room, not about a person.

const SWITCH = "myotome-signals";
let context = null;

function tone(hertz, from, seconds, loudness = 0.12) {
  const swing = context.createOscillator(), loud = context.createGain(), start = context.currentTime + from;
  swing.frequency.value = hertz;
  loud.gain.setValueAtTime(0, start);
  loud.gain.linearRampToValueAtTime(loudness, start + 0.01);
  loud.gain.linearRampToValueAtTime(0, start + seconds);
  swing.connect(loud).connect(context.destination);
  swing.start(start);
  swing.stop(start + seconds);
}

function give(tones, shaking) {
  // Before the first tap a page may do neither; the browser would only complain.
  if (!signals.on || navigator.userActivation?.hasBeenActive === false) return;
  navigator.vibrate?.(shaking);
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume();
    for (const one of tones) tone(...one);
  } catch { /* no sound on this device: the words on the screen say the same */ }
}

/** Sound and vibration: `done()` rises, `wrong()` falls twice, `call()` is three calm notes to be heard next door. */
export const signals = {
  get on() { return localStorage.getItem(SWITCH) !== "off"; },
  set on(wanted) { localStorage.setItem(SWITCH, wanted ? "on" : "off"); },
  done() { give([[880, 0, 0.06]], 30); },
  wrong() { give([[300, 0, 0.09], [220, 0.12, 0.14]], [60, 60, 60]); },
  call() { give([[523, 0, 0.3, 0.5], [659, 0.32, 0.3, 0.5], [784, 0.64, 0.5, 0.5]], [300, 200, 300]); },
};
