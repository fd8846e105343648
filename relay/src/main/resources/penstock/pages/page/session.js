// The session with the relay: the client, and how long the way to the relay is.

import { connect } from "../penstock.js";

/** While the page is hidden, nobody sees more. */
const HIDDEN_INTERVAL_MS = 5000;
const MEASURE_EVERY_MS = 5000;

/** One client of the relay. With a key it has a session of its own, without one it shares that of all tabs. */
export class Session {
  /** Milliseconds to the relay and back; undefined = not measured. */
  roundTripMs;

  constructor(getToken) {
    this.px = connect(undefined, { getToken, hidden: HIDDEN_INTERVAL_MS, share: !getToken });
    this.measuring = setInterval(() => this.#measure(), MEASURE_EVERY_MS);
    this.px.on("state", ({ state }) => { if (state === "open" && this.roundTripMs === undefined) this.#measure(); });
  }

  /** Each feed with its channels. */
  get feeds() {
    const { feed, feeds = [feed] } = this.px.welcome;
    return feeds;
  }

  close() {
    clearInterval(this.measuring);
    this.px.close();
  }

  async #measure() {
    if (this.px.state !== "open" || document.hidden) return;
    const begun = performance.now();
    try {
      await (await fetch("healthz", { cache: "no-store" })).text();
      this.roundTripMs = performance.now() - begun;
    } catch {
      this.roundTripMs = undefined;
    }
  }
}
