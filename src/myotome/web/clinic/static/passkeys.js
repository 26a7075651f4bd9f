// What a browser's passkeys take and give, and the JSON that the clinic sends and reads.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** The clinic's options as `navigator.credentials` takes them. */
export function optionsOf(json) {
  const options = { ...json, challenge: bytes(json.challenge) };
  if (json.user) options.user = { ...json.user, id: bytes(json.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (json[list]) options[list] = json[list].map((one) => ({ ...one, id: bytes(one.id) }));
  return options;
}

/** A credential as the text that the clinic reads. */
export function answerOf(credential) {
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
