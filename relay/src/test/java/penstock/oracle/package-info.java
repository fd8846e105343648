/**
 * The oracle: a simulated venue whose every update is known, and checkers that decide for each subscriber whether what
 * it received keeps the invariants of {@link penstock.oracle.Invariant}. The simulation runs the relay's own feed,
 * ring, topics and fan-out on one thread and in virtual time; the same checkers judge a relay over real sockets.
 */
package penstock.oracle;
