// What is sent, and what an answer says of it: nothing here touches the disk or the network.
import { differs } from "./clock.js";
import { t } from "./texts.js";

const WAITS = [1, 2, 3, 5, 8, 12];  // seconds, after one failure, two, ...

/** An entry as the clinic hands it out, from one that is kept here; `here` says how it stands on this device. */
export const noted = (row) => ({
  id: row.entry.id, kind: row.entry.kind, visit: row.entry.visit, body: row.entry.body, by: row.entry.author,
  on_behalf: row.entry.on_behalf ?? row.on_behalf ?? "", device: row.device ?? "", made: row.entry.device_time, zone: row.entry.zone,
  received: row.received ?? "", position: row.position ?? null, late: row.late ?? false,
  here: row.state, problems: row.problems ?? [],
});

/** A draft as it is kept and sent: by whom, for whom, and by how much the device's clock is known to be off. */
export function drafted({ id, kind, visit, zone, body, ...told }, staff, clockOff, behalf) {
  const off = differs(clockOff) ? { clock_off: clockOff } : {};
  const author = told.author ?? told.by ?? staff;
  return { id, kind, visit, device_time: told.device_time ?? told.made, zone, body: { ...off, ...body }, author, ...(behalf ? { on_behalf: behalf } : {}) };
}

/**
 * Which entries of a batch a refusal is about: a map of id to problems, null where it cannot be told from so many,
 * "not ours" where somebody else is signed in.
 */
export function named(batch, { status, told, says }) {
  const problems = told?.problems ?? [];
  if (problems.some((one) => /^entries\[\d+\]\.author/.test(one.at))) return "not ours";
  const found = new Map();
  for (const one of problems) {
    const at = /^entries\[(\d+)\]/.exec(one.at)?.[1];
    if (at !== undefined && batch[at]) found.set(batch[at].id, [...(found.get(batch[at].id) ?? []), one]);
  }
  if (found.size) return found;
  if (batch.length > 1) return null;
  const words = [{ at: "", message: says || t("offline.refused", { status }) }];
  return new Map([[batch[0].id, problems.length ? problems : words]]);
}

/** How many milliseconds to wait after so many failures; never the same for two devices. */
export const pause = (fails) => WAITS[Math.min(fails, WAITS.length) - 1] * (750 + Math.random() * 500);

/** What may be told of other people's entries on this device: their number. */
export const othersSay = (n) => (n ? t("offline.others", { n }) : "");
