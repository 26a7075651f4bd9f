// The device's clock against the clinic's: what is recorded keeps both times, so only the difference has to be known.
import { t } from "./texts.js";

const MATTERS = 60;  // seconds
const LONGEST = 30e3;  // milliseconds: what takes longer was given up before

/** Whether a difference is worth telling. */
export const differs = (seconds) => Math.abs(seconds) > MATTERS;

/** When an entry was made, in milliseconds by the clinic's clock: the device's time without what its clock was off. */
export function made({ made: at, device_time: own, body }) {
  const off = body?.clock_off;
  return Date.parse(at || own) - (typeof off === "number" ? off : 0) * 1000;
}

/** When what it says happened: from paper as told there, else when it was made. */
export const happened = (entry) => Date.parse(entry.body?.happened) || made(entry);

/** What time it is by the clinic's clock, as far as this device knows it; as entries say by how much it is off. */
export const now = ({ outbox }) => Date.now() - (differs(outbox.clockOff) ? outbox.clockOff : 0) * 1000;

/** Entries by the time at which they were made, as the clinic's clock has it; of one moment in the order they have. */
export const inTime = (entries) => [...entries].sort((one, other) => made(one) - made(other));

/**
 * By how many seconds the device is ahead of the clinic, whose `now` was asked for `before` and came `after`; null where
 * that cannot be told, also where the device slept or its clock was set in between.
 */
export function offset(now, before, after) {
  const theirs = Date.parse(now), took = after - before;
  return Number.isNaN(theirs) || took < 0 || took > LONGEST ? null : Math.round(((before + after) / 2 - theirs) / 1000);
}

const UNITS = [["days", 86400], ["hours", 3600], ["minutes", 60]];

/** A difference as a sentence; "" where it does not matter. */
export function toldClock(seconds) {
  if (!differs(seconds)) return "";
  const [unit, length] = UNITS.find(([, one]) => Math.abs(seconds) >= one);
  const span = t(`offline.${unit}`, { n: Math.round(Math.abs(seconds) / length) });
  return t(seconds > 0 ? "offline.clock-ahead" : "offline.clock-behind", { span });
}
