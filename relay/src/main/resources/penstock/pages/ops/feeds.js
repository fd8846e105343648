// The feeds: which of them are live, since when not, and why.

import { $, figure, keyed, labelled, make, ms, words, write } from "./elements.js";

const COLUMNS = ["name", "state", "since", "updates", "lag", "connections", "wanted", "lost", "event"];
const RIGHT = new Set(["updates", "lag", "connections", "wanted", "lost"]);

/** A time of day, with the date unless it is today. */
export function moment(us) {
  const date = new Date(Number(us) / 1000), time = date.toLocaleTimeString("en-GB");
  return date.toDateString() === new Date().toDateString() ? time : `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`;
}

/** How long ago a time of the relay was. */
export const since = us => ms(Math.max(0, Date.now() - Number(us) / 1000));

/** Why a feed is not live, in words. */
export const reasonOf = feed => feed.state === "live" ? "no data yet" : words(feed.reason) || feed.state;

export function showFeeds(feeds) {
  keyed($("feeds").querySelector("tbody"), feeds, feed => feed.name, () => labelled(make("tr", {}, ...COLUMNS.map(name => {
    const cell = make(name === "name" ? "th" : "td", { className: RIGHT.has(name) ? "n" : name === "event" ? "event" : "" });
    if (name === "name") cell.scope = "row";
    if (name === "state") cell.append(make("span", { className: "state" }));
    return cell;
  })), $("feeds")), (row, feed) => {
    const state = row.children[1].firstChild, isReady = feed.ready === true;
    row.toggleAttribute("data-lost", !isReady);
    state.dataset.state = isReady ? "live" : feed.state === "live" ? "stale" : feed.state;
    const texts = [feed.name, null, `${moment(feed.since)} (${since(feed.since)})`, feed.updates === undefined ? "–" : figure(Number(feed.updates)), feed.lag === undefined ? "–" : ms(Number(feed.lag)),
      feed.connections ?? "–", Number(feed.wanted) > 0 ? figure(Number(feed.wanted)) : "–", feed.lost ?? "–", feed.detail ?? ""];
    texts.forEach((text, i) => { if (text !== null) write(row.children[i], text); });
    write(state, isReady ? "live" : `${feed.state === "live" ? "waiting" : feed.state}: ${reasonOf(feed)}`);
    row.lastChild.title = feed.detail ?? "";
  });
}
