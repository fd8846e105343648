/** Feeds of a scenario: updates at fixed due times, and recordings played as a burst. */
package penstock.bench.load.feed;
