// Draining: who would have to leave, the order to do so, and back.

import { ask } from "./api.js";
import { $, confirmed, exact, write } from "./elements.js";

/** Sessions when the drain began, as far as this page saw. */
let most = 0;

export const readDrain = () => ask("drain");

export function showDrain({ draining, open, resumable }) {
  most = draining ? Math.max(most, open) : 0;
  $("drain").toggleAttribute("data-draining", draining);
  $("drainProgress").hidden = !draining;
  $("drainProgress").max = Math.max(1, most);
  $("drainProgress").value = most - open;
  $("drainUndo").hidden = !draining;
  write($("drainBegin"), draining ? "Drain again…" : "Drain…");
  const rest = open - resumable, who = rest === 0 ? open === 1 ? "its client" : "all of their clients" : `clients of ${exact(resumable)}`;
  const raw = rest ? ` ${exact(rest)} raw ${rest === 1 ? "one starts" : "ones start"} again.` : "";
  write($("drainText"), draining ? open ? `Draining: ${exact(open)} of ${exact(most)} sessions are left. /readyz says 503, and new sessions are refused.`
    : "Drained: no session is left. The process may be stopped, or the drain undone."
    : open ? `Yes: ${open === 1 ? "1 session" : `${exact(open)} sessions`} would leave evenly; ${who} can go on at another relay where they were.${raw} Ask the balancer whether another one is ready: this relay does not know.`
    : "Yes: no session is open.");
}

/** `onChange` is told the answer. */
export function wireDrain({ onChange, onError }) {
  const send = async (method, query) => {
    try {
      onChange(await ask("drain", { method, query }));
    } catch (error) {
      onError(error);
    }
  };
  $("drainForm").onsubmit = async event => {
    event.preventDefault();
    const over = $("over").selectedOptions[0].textContent, after = $("after").selectedOptions[0].textContent;
    const { isSo } = await confirmed({
      title: "Drain this relay?",
      text: `/readyz is 503 at once, and new sessions are refused. After ${after} the first session leaves, and the others follow within ${over}. It can be undone while sessions are left.`,
      action: "Drain",
    });
    if (isSo) await send("POST", { over: $("over").value, after: $("after").value });
  };
  $("drainUndo").onclick = () => send("DELETE", {});
}
