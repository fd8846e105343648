/**
 * The load rig: one scenario per class, each with the options of {@code scripts/load NAME}. Servers under test run in
 * processes of their own, between a feed simulator and many clients in this one. Open loop: each update has a fixed due
 * time and carries it, and latency counts from it, so a late sender cannot hide a late receiver.
 */
package penstock.bench.load;
