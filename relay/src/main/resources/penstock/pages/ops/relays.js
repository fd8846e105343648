// What this relay is among others: the relays in front of it with its link, and the edges behind it.

import { ask } from "./api.js";
import { $, bytes, figure, keyed, labelled, make, ms, write } from "./elements.js";
import { moment, since } from "./feeds.js";

const RIGHT = 4, COLUMNS = 11;
/** A relay has other digits after each start. */
export const short = name => name.replace(/~[0-9a-f]{8}$/, "");

/** Asks only a relay that has to do with others; resolves to nothing otherwise. */
export async function readRelays({ role }) {
  if (!role || role === "standalone") return undefined;
  const [its, { edges }] = await Promise.all([ask("role"), ask("edges")]);
  return { ...its, behind: edges };
}

export function showRelays(its) {
  $("relays").hidden = !its || !its.link && !its.behind.length;
  if ($("relays").hidden) return;
  const path = its.hops.length > 1 || !its.link ? its.hops : ["not reached yet", ...its.hops];
  write($("hops"), `venue → ${path.map(short).join(" → ")}${its.behind.length ? ` → ${its.behind.length === 1 ? "1 edge" : `${its.behind.length} edges`}` : ""}`);
  $("hops").title = its.hops.join(" → ");
  $("link").hidden = !its.link;
  if (its.link) showLink(its);
  $("relays").querySelector(".scroll").hidden = !its.behind.length;
  keyed($("relays").querySelector("tbody"), its.behind, edge => edge.edge, () => labelled(make("tr", {}, make("th", { scope: "row" }),
    make("td", {}, make("span", { className: "state" })), ...Array.from({ length: COLUMNS - 2 }, (_, i) => make("td", { className: i + 2 >= RIGHT ? "n" : i === 1 ? "why" : "" }))), $("relays")), (row, edge) => {
    const [name, state, began, why, late, blocked, waiting, updates, conflated, sent, sessions] = row.children;
    write(name, short(edge.edge));
    row.title = `${edge.edge} at ${edge.address}`;
    state.firstChild.dataset.state = edge.connected ? "live" : "closed";
    write(state.firstChild, edge.connected ? "connected" : "gone");
    write(began, `${moment(edge.since)} (${since(edge.since)})`);
    why.dataset.why = edge.why ?? "";
    write(why, edge.late ? edge.why ?? "–" : "–");
    write(late, edge.late ? ms(edge.late) : "–");
    late.classList.toggle("bad", edge.late >= 1000);
    write(blocked, edge.blockedInAll ? ms(edge.blockedInAll) : "–");
    write(waiting, edge.waiting ? bytes(edge.waiting) : "–");
    write(updates, edge.updates === undefined ? "–" : figure(edge.updates));
    write(conflated, edge.conflated === undefined ? "–" : figure(edge.conflated));
    write(sent, edge.bytes === undefined ? "–" : bytes(edge.bytes));
    write(sessions, figure(edge.sessions));
  });
}

function showLink({ link, epoch }) {
  const isLive = link.state === "live";
  const facts = [["link", link.state, isLive ? "live" : "stale"], ["since", `${moment(link.since)} (${since(link.since)})`], ["from", link.url],
    ["lag", link.lag === undefined ? "–" : ms(link.lag), link.lag > 2000 ? "late" : ""], ["waiting", bytes(link.held)], ["epoch", String(epoch || "–")], ["connected", `${figure(link.connects)} ×`],
    ["resumed", figure(link.resumed)], ["resumes refused", figure(link.resumesRefused)], ["not followed", figure(link.refusals)], ["gaps", figure(link.gaps)]]
    .concat(link.busSnapshots ? [["gaps of the bus", figure(link.busGaps)], ["snapshots of the bus", figure(link.busSnapshots)]] : []);
  if (!isLive) facts.push(["last event", link.detail]);
  keyed($("link"), facts, ([term]) => term, ([term]) => make("div", {}, make("dt", { textContent: term }), make("dd")), (fact, [term, text, state]) => {
    write(fact.lastChild, text);
    if (term === "link") {
      fact.lastChild.className = "state";
      fact.lastChild.dataset.state = state;
    } else {
      fact.lastChild.classList.toggle("bad", state === "late");
    }
  });
}
