/*
Saves a form item by item while one answers. Without this script the form is sent whole, by its button.

  form[data-autosave]              texts in data-say-saving, -retry, -ended, -refused, -conflict (components/autosave.html)
  [data-autosave-item]             one item; its named controls (no files) are posted to data-autosave-url, or to the form's address
  [data-autosave-status]           inside the item, aria-live; a 200 answer's HTML replaces what is in it
  [data-autosave-beneath]          inside the item, beneath the field; the HTML of a 409 (changed by somebody else) or 400/422 goes there

A 200 answer may carry <… data-set-name="version" data-set-value="7">: the hidden control of that name in the item gets the value.
The form's button waits for what is on its way: else it would post an older state than the server has just taken, and the person would
be told of a conflict with herself or himself. Nothing the person typed is ever replaced. What could not be sent waits in memory and is tried again, later and later,
at once when the network comes back, and a last time when the page is left.
*/
const TYPING_MS = 800;
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 60000;
const ON_THE_WAY_MS = 4000; // a button waits this long for answers that are on their way, then goes without them
const waiting = new Map(); // item -> {timer, tries, sending, again}: still to be sent
const unsaved = new Set(); // items whose last change the server has not taken, refused ones included
const taken = new WeakMap(); // item -> what the server took last, so that leaving a field does not send it twice
let isLeavingByForm = false;

const formOf = (item) => item.closest("form[data-autosave]");
const statusOf = (item) => item.querySelector("[data-autosave-status]");

function say(item, state, words) {
  const status = statusOf(item);
  if (!status) return;
  status.dataset.state = state;
  status.textContent = words ?? formOf(item).dataset[`say${state[0].toUpperCase()}${state.slice(1)}`] ?? "";
}

function dataOf(item) {
  const form = formOf(item);
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken?.value ?? "");
  for (const control of item.querySelectorAll("input, select, textarea")) {
    const isOff = control.matches(":disabled, [type=file], [type=submit]") || (control.matches("[type=radio], [type=checkbox]") && !control.checked);
    if (!control.name || isOff) continue;
    if (control.multiple) for (const option of control.selectedOptions) data.append(control.name, option.value);
    else data.append(control.name, control.value);
  }
  return data;
}

const fingerprint = (item) => new URLSearchParams(dataOf(item)).toString();

function plan(item, delay) {
  if (isLeavingByForm) return;
  if (!waiting.has(item) && taken.get(item) === fingerprint(item)) return;
  unsaved.add(item);
  const entry = waiting.get(item) ?? { tries: 0 };
  waiting.set(item, entry);
  clearTimeout(entry.timer);
  if (entry.sending) entry.again = true;
  else entry.timer = setTimeout(() => send(item), delay);
}

async function send(item, keepalive = false) {
  const entry = waiting.get(item);
  if (!entry || entry.sending) return;
  clearTimeout(entry.timer);
  entry.sending = true;
  entry.answered = new Promise((resolve) => (entry.settle = resolve));
  entry.again = false;
  if (entry.tries === 0) say(item, "saving");
  try {
    const response = await fetch(item.dataset.autosaveUrl ?? formOf(item).action, {
      method: "POST",
      body: dataOf(item),
      headers: { "X-Autosave": "1", Accept: "text/html" },
      credentials: "same-origin",
      redirect: "manual",
      keepalive,
    });
    await receive(item, entry, response);
  } catch {
    retry(item, entry);
  } finally {
    entry.settle();
  }
}

async function receive(item, entry, response) {
  if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return retry(item, entry, "ended");
  if (response.status >= 500 || response.status === 429) return retry(item, entry);
  const html = await response.text();
  entry.sending = false;
  entry.tries = 0;
  if (response.ok) {
    statusOf(item).dataset.state = "saved";
    statusOf(item).innerHTML = html;
    showBeneath(item, "");
    takeValues(item);
    if (!entry.again) {
      taken.set(item, fingerprint(item));
      unsaved.delete(item);
    }
  } else {
    say(item, response.status === 409 ? "conflict" : "refused");
    showBeneath(item, [400, 409, 422].includes(response.status) ? html : "");
  }
  if (entry.again && !isLeavingByForm) plan(item, 0);
  else waiting.delete(item);
}

function retry(item, entry, state = "retry") {
  entry.sending = false;
  say(item, state);
  const delay = Math.min(FIRST_RETRY_MS * 2 ** entry.tries, LAST_RETRY_MS);
  entry.tries += 1;
  entry.timer = setTimeout(() => send(item), delay);
}

function showBeneath(item, html) {
  let place = item.querySelector("[data-autosave-beneath]");
  if (!place && html) {
    place = document.createElement("div");
    place.dataset.autosaveBeneath = "";
    place.setAttribute("aria-live", "polite");
    item.append(place);
  }
  if (place) place.innerHTML = html;
}

function takeValues(item) {
  for (const carrier of statusOf(item).querySelectorAll("[data-set-name]")) {
    const control = item.querySelector(`input[type=hidden][name="${CSS.escape(carrier.dataset.setName)}"]`);
    if (control) control.value = carrier.dataset.setValue;
  }
}

function noticed(event, delay) {
  const item = event.target.closest("form[data-autosave] [data-autosave-item]");
  if (item && !event.target.matches("[type=file], [data-autosave-not]")) plan(item, delay);
}

function leaveByForm(event) {
  const form = event.target;
  if (!form.matches("form[data-autosave]") || isLeavingByForm) return;
  isLeavingByForm = true;
  setTimeout(() => (isLeavingByForm = false), 10000); // the person may have stopped the page from leaving
  const entries = [...waiting].filter(([item]) => formOf(item) === form).map(([, entry]) => entry);
  entries.forEach((entry) => clearTimeout(entry.timer)); // the form carries them
  const onTheWay = entries.filter((entry) => entry.sending).map((entry) => entry.answered);
  if (!onTheWay.length) return;
  event.preventDefault();
  const longEnough = new Promise((resolve) => setTimeout(resolve, ON_THE_WAY_MS));
  Promise.race([Promise.all(onTheWay), longEnough]).then(() => form.requestSubmit(event.submitter));
}

const sendAll = (keepalive) => [...waiting.keys()].forEach((item) => send(item, keepalive));

document.addEventListener("input", (event) => event.target.matches("textarea, input:not([type=radio], [type=checkbox])") && noticed(event, TYPING_MS));
document.addEventListener("change", (event) => noticed(event, 0));
document.addEventListener("submit", leaveByForm);
window.addEventListener("online", () => sendAll(false));
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && sendAll(true));
window.addEventListener("beforeunload", (event) => !isLeavingByForm && unsaved.size > 0 && event.preventDefault());
