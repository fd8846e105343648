/**
 * Records what the venues send: from the feed thread through a bounded buffer to one thread that compresses and writes.
 *
 * <p>Threads: the feed thread, threads of HTTP answers and {@code record}; what is full or fails never delays the first
 * two. Does not know what the messages mean.
 */
package penstock.recording.write;
