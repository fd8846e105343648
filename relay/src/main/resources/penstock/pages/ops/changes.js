// What changed in the last hour, the newest first.

import { ask } from "./api.js";
import { $, figure, keyed, make, write } from "./elements.js";
import { moment } from "./feeds.js";

const HOUR_US = 3_600_000_000;
const KEPT = 1000;
const KINDS = ["feed", "connection", "sessions", "operator", "config", "ring", "relay"];
let all = [];

$("kind").append(...KINDS.map(kind => new Option(kind, kind)));
$("kind").onchange = () => showChanges();

export async function readChanges() {
  ({ changes: all } = await ask("changes", { query: { limit: KEPT } }));
}

export function showChanges() {
  const from = (Date.now() * 1000) - HOUR_US, kind = $("kind").value;
  const shown = all.filter(change => change.last >= from && (!kind || change.kind === kind)).sort((a, b) => b.last - a.last || b.number - a.number);
  $("changes").querySelector(".empty").hidden = shown.length > 0;
  keyed($("changes").querySelector("ol"), shown, change => String(change.number), change => make("li", {},
    make("time"), make("span", { className: "chip", textContent: change.kind, data: { kind: change.kind } }), make("strong", { textContent: change.subject ?? "" }), make("p", {}, make("span", { className: "times" }), make("span"))), (item, change) => {
    const [time, , , text] = item.children;
    write(time, moment(change.last));
    time.title = change.count > 1 ? `first ${moment(change.at)}` : "";
    write(text.firstChild, change.count > 1 ? `${figure(change.count)} × ` : "");
    write(text.lastChild, change.text);
  });
}
