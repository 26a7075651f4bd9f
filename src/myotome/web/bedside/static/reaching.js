// Asking the clinic, with an end to the wait. Whatever is no answer of the clinic's counts as not reached.
import { t } from "./texts.js";

const PATIENCE = 20e3;
const SESSION = "myotome-session";
const NOT_REACHED = { reached: false, status: 0, told: null, says: t("offline.not-reached") };

async function fetched(path, options) {
  const told = { credentials: "same-origin", cache: "no-store", redirect: "error", ...options };
  const headers = { Accept: "application/json", ...options.headers };
  try {
    const answer = await fetch(path, { ...told, headers, signal: AbortSignal.timeout(PATIENCE) });
    const json = (answer.headers.get("content-type") ?? "").startsWith("application/json");
    const body = json ? await answer.json() : null;
    // A page from anywhere else (the sign-in of a hotel's network, say) is no answer.
    if (!json && answer.ok) return NOT_REACHED;
    return { reached: true, status: answer.status, told: body, says: body?.message ?? t("offline.answered", { status: answer.status }) };
  } catch {
    return NOT_REACHED;
  }
}

/**
 * Ask something beside whatever else this browser asks; "exclusive": while nothing else is under way. A signature gives
 * the session a new token, and what comes with the old one meanwhile would be told that nobody is signed in.
 */
export const within = (ask, mode = "shared") => (navigator.locks ? navigator.locks.request(SESSION, { mode }, ask) : ask());

const sent = (path, body, csrf) =>
  fetched(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF": csrf },
    body: JSON.stringify(body),
  });

/** GET as JSON: `{reached, status, told, says}`, never an exception. */
export const asked = (path) => within(() => fetched(path, {}));

/** POST as JSON, with the session's token. */
export const posted = (path, body, csrf) => within(() => sent(path, body, csrf));

/** POST what gives the session a new token. */
export const renewing = (path, body, csrf) => within(() => sent(path, body, csrf), "exclusive");
