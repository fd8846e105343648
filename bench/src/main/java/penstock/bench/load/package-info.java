/**
 * The load rig: a relay in a process of its own between a feed simulator and many clients in this one. Open loop: when
 * each update is due is fixed in advance, every update carries that time, and latency counts from it, so that nobody's
 * lateness hides another's.
 */
package penstock.bench.load;
