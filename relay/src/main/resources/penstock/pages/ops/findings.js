// The first question: are prices live, since when not, and what else is wrong. The relay finds the faults, the worst first.

import { $, keyed, make, words, write } from "./elements.js";
import { moment, reasonOf, since } from "./feeds.js";
import { short } from "./relays.js";

/** The headline by the feeds, the findings and the lease; `lostMs`: since when there is no connection to the relay, or undefined. */
export function showVerdict({ feeds, findings, isDraining, lostMs, relay }) {
  const { lease, holder, epoch } = relay;
  const down = feeds.filter(feed => feed.ready !== true), [first] = [...down].sort((a, b) => Number(a.since) - Number(b.since));
  let state, headline, subline = "";
  if (lostMs !== undefined) {
    state = "unknown";
    headline = "The relay does not answer";
    subline = `Since ${moment(lostMs * 1000)}. What the page shows is what it knew then; scripts/relay stat on its machine says more.`;
  } else if (!feeds.length && relay.link) {
    state = "lost";
    headline = "No prices yet: this edge has not reached the relay in front";
    subline = `It tries ${relay.front}.`;
  } else if (!feeds.length) {
    state = "unknown";
    headline = "Waiting for the relay's figures";
  } else if (lease === "standby") {
    state = findings.length ? "lost" : "watch";
    headline = holder ? `Standby: ${holder} is connected` : "Standby: no relay is connected";
    subline = `This relay has no connection to the venues. Epoch of the lease: ${epoch}.`;
  } else if (down.length) {
    state = "lost";
    headline = down.length === feeds.length ? "No prices are live" : `${down.length} of ${feeds.length} feeds ${down.length === 1 ? "is" : "are"} not live`;
    subline = `${down.map(feed => `${feed.name}: ${reasonOf(feed)}`).join("; ")}. Not live since ${moment(first.since)} (${since(first.since)}); clients see the last values, marked stale.`;
  } else {
    const critical = findings.some(finding => finding.severity === "critical");
    state = critical ? "bad" : findings.length || isDraining ? "watch" : "live";
    headline = findings.length ? `Prices are live, with ${findings.length === 1 ? `a ${critical ? "critical " : ""}finding` : `${findings.length} findings`}` : isDraining ? "Prices are live, and the relay is drained" : "All prices are live";
    const [latest] = [...feeds].sort((a, b) => Number(b.since) - Number(a.since));
    subline = feeds.length === 1 ? `${latest.name} since ${moment(latest.since)} (${since(latest.since)}).` : `${feeds.length} feeds; the last to come was ${latest.name}, ${moment(latest.since)}.`;
  }
  if (lease && lease !== "standby" && lostMs === undefined) subline += ` ${lease === "active" ? "This relay has the lease" : "The lease cannot be renewed"}, epoch ${epoch}.`;
  if (relay.role === "edge" && feeds.length && lostMs === undefined) subline += ` ${relay.link === "live" ? "Edge" : `Edge, link ${relay.link}`} behind ${short(relay.front)}, hop ${relay.hop}, epoch ${epoch}.`;
  if (relay.role === "ingest" && !lease && lostMs === undefined) subline += " Ingest: other relays are behind it.";
  $("verdict").dataset.state = state;
  write($("headline"), headline);
  write($("subline"), subline);
  document.title = `${state === "live" ? "" : `${headline} · `}Penstock operations`;
}

export function showFindings(findings) {
  keyed($("findings"), findings, finding => `${finding.subject} ${finding.text.replace(/\d+/g, "#")}`, () => make("li", {},
    make("span", { className: "severity" }),
    make("p", {}, make("strong", { className: "subject" }), " ", make("span", { className: "what" }), " ", make("time")),
    make("dl", {}, ...["cause", "what to do"].map((term, i) => make("div", { className: ["cause", "remedy"][i] }, make("dt", { textContent: term }), make("dd"))))), (item, finding) => {
    const part = selector => item.querySelector(selector);
    item.dataset.severity = part(".severity").dataset.severity = finding.severity;
    write(part(".severity"), finding.severity);
    write(part(".subject"), finding.subject);
    write(part(".what"), finding.text);
    write(part("time"), `since ${moment(finding.since)} (${since(finding.since)})`);
    write(part(".cause dd"), finding.cause);
    write(part(".remedy dd"), finding.remedy);
  });
}
