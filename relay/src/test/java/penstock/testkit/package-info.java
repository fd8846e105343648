/** What tests of several packages, and the benchmarks, share: clocks and sockets that a test controls. */
package penstock.testkit;
