// The sessions that are served worst, and why; each can be closed.

import { ask } from "./api.js";
import { $, bytes, confirmed, figure, keyed, labelled, make, ms, write } from "./elements.js";

const SHOWN = 12;
const WHY = {
  socket: "its socket takes no more: the client or its network is slow",
  rate: "it asked for fewer updates per second (maxRate) than there are",
  bandwidth: "it asked for fewer bytes per second (maxBytesPerSecond) than there are",
  interval: "it asked for this interval; a page in the background asks for a long one",
  request: "a request of it is being worked on",
  rights: "its subscriptions follow what it may see by now",
  relay: "the io thread has not come to it: if that lasts, the relay has too few cores",
};

export async function readSessions() {
  const { sessions, open } = await ask("sessions", { query: { limit: SHOWN, sort: $("sort").value } });
  return { sessions, open };
}

export function showSessions({ sessions, open }, { onKicked, onError }) {
  // what waits for the end of its interval is where its client wants it
  const behind = sessions.filter(session => session.late || session.blocked || session.missed || session.closing);
  write($("worst").querySelector(".empty"), !open ? "No session is open."
    : behind.length ? "" : `Nobody: ${open === 1 ? "the session has" : `all ${figure(open)} sessions have`} what was asked for.`);
  $("worst").querySelector(".scroll").hidden = !behind.length;
  keyed($("worst").querySelector("tbody"), behind, session => session.session, session => {
    const kick = make("button", { type: "button", className: "kick danger", textContent: "Kick…", ariaLabel: `kick session ${session.session}`, onclick: () => closeSession(kick.session, onKicked, onError) });
    return labelled(make("tr", { data: { session: session.session } }, make("th", { scope: "row" }), make("td", {}, make("span"), make("small")),
      make("td", { className: "why" }, make("span"), make("small")), ...Array.from({ length: 6 }, () => make("td", { className: "n" })), make("td", { className: "n" }, kick)), $("worst"));
  }, (row, session) => {
    const [name, client, why, late, blocked, waiting, missed, topics, open, action] = row.children;
    action.firstChild.session = session;
    action.firstChild.disabled = session.closing !== undefined;
    write(name, session.session);
    write(client.firstChild, session.principal ?? session.address);
    write(client.lastChild, session.principal ? `${session.address} · ${session.endpoint}` : session.endpoint);
    why.dataset.why = session.why ?? "";
    write(why.lastChild, session.closing ? "" : WHY[session.why] ?? "");
    write(why.firstChild, session.closing ? `closing (${session.closing})` : session.why ?? "–");
    write(late, ms(session.late));
    write(blocked, session.blocked ? ms(session.blocked) : "–");
    blocked.classList.toggle("bad", session.blocked > 1000);
    write(waiting, session.waiting ? bytes(session.waiting) : "–");
    write(missed, session.missed ? figure(session.missed) : "–");
    missed.classList.toggle("bad", session.missed > 0);
    write(topics, figure(session.topics));
    write(open, ms(session.open));
    row.title = session.channels.join(", ");
  });
}

async function closeSession(session, onKicked, onError) {
  const { isSo, option } = await confirmed({
    title: `Close session ${session.session}?`,
    text: `${session.principal ?? "A client"} at ${session.address}, ${figure(session.topics)} topics. It gets a Close frame, and the audit log says KD.`,
    action: "Close session",
    option: "it may come back at once",
  });
  if (!isSo) return;
  try {
    onKicked(await ask("kick", { method: "POST", query: { session: session.session, reconnect: String(option) } }));
  } catch (error) {
    onError(error);
  }
}
