/** How long first requests hold the io thread of a relay: the relay with a probe, the requests, the feed. */
package penstock.bench.load.hold;
