/** Subscribers of a scenario, cheap enough to share cores with the server, and what they count. */
package penstock.bench.load.client;
