/**
 * Several relays in virtual time: ingests that share a lease and a venue, edges behind them, and clients that go from
 * edge to edge, with everything that can happen to a process, a network and a clock. The relays are the real ones, from
 * the feed to the frames; the checkers are those of {@link penstock.oracle}.
 */
package penstock.oracle.relays;
