/* Joins the buttons of components/passkey_button.html to allauth's functions; without support or script they stay hidden or silent. */
const forms = window.allauth?.webauthn?.forms;
const supported = forms && "credentials" in navigator && typeof PublicKeyCredential === "function";

function join(button) {
  const { passkey, passkeyCredential, passkeyPasswordless, passkeyOptions } = button.dataset;
  const ids = { [passkey]: button.id, credential: passkeyCredential };
  if (passkeyPasswordless) ids.passwordless = passkeyPasswordless;
  forms[`${passkey}Form`]({ ids, data: passkeyOptions ? JSON.parse(passkeyOptions) : undefined });
  button.addEventListener("click", () => say(false));
}

function say(isWrong) {
  for (const line of document.querySelectorAll("[data-passkey-problem]")) line.hidden = !isWrong;
}

if (supported) {
  for (const area of document.querySelectorAll("[data-passkey-area]")) area.hidden = false;
  for (const button of document.querySelectorAll("[data-passkey]")) join(button);
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(true);
  });
} else {
  say(true);
}
