// Passkeys: the only thing on these pages that needs a script. A button asks for a challenge, the device answers, and
// the answer goes back as a field of the button's own form.
import { answerOf, optionsOf } from "./passkeys.js";

async function challenge(button, form) {
  const body = new URLSearchParams({ purpose: button.dataset.passkey });
  const csrf = form.elements.csrf?.value;
  const headers = { Accept: "application/json", ...(csrf ? { "X-CSRF": csrf } : {}) };
  const answer = await fetch(button.dataset.challenge, { method: "POST", body, headers });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.message ?? "The clinic did not answer. Try again.");
  return optionsOf(told.publicKey ?? told);
}

async function use(button) {
  const form = button.form, said = form.querySelector("[data-passkey-said]");
  button.disabled = true;
  said.textContent = "";
  try {
    const publicKey = await challenge(button, form);
    const adding = button.dataset.passkey === "add";
    const credential = await navigator.credentials[adding ? "create" : "get"]({ publicKey });
    form.elements.passkey.value = answerOf(credential);
    form.noValidate = !adding;  // the password beside it is not needed then
    form.requestSubmit();
  } catch (error) {
    const ours = error instanceof Error && !(error instanceof DOMException);
    said.textContent = ours ? error.message : "No passkey was used. Try again, or use your password.";
    button.disabled = false;
  }
}

if (window.PublicKeyCredential)
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", () => use(button));
  }
else for (const one of document.querySelectorAll("[data-no-passkey]")) one.hidden = false;
