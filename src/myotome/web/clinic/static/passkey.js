// Passkeys: the only thing on these pages that needs a script. A button asks for a challenge, the device answers, and
// the answer goes back as a field of the button's own form.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function optionsOf(json) {
  const options = { ...json, challenge: bytes(json.challenge) };
  if (json.user) options.user = { ...json.user, id: bytes(json.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (json[list]) options[list] = json[list].map((one) => ({ ...one, id: bytes(one.id) }));
  return options;
}

function answerOf(credential) {
  const { response } = credential, told = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[part]) told[part] = text(response[part]);
  if (response.getTransports) told.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response: told,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

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
