/**
 * The way of one tick from a frame to the ring, one stage for each question, in a row: {@link
 * penstock.feed.tick.TickPipeline} draws it. A stage calls the next one, never the one before it.
 *
 * <p>Thread: the feed thread. Does not know how connections are made or which symbols are requested.
 */
package penstock.feed.tick;
