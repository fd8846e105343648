/** Servers under test, each in a process of its own: the relay, the floor, the naive relay and other candidates. */
package penstock.bench.load.server;
