/**
 * Sessions and rights between an edge and its ingest: what the edge reports, and what it does with the answers.
 *
 * <p>Threads: the feed thread; io threads say which sessions begin and end.
 */
package penstock.edge.session;
