package penstock.recording.write;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import penstock.recording.RecordingClock;

/**
 * Hands what one feed receives to the thread {@code record}, without waiting and without garbage. What finds no room is
 * counted, and the recording has a mark in its place. Any thread.
 */
final class FeedRecorder {
    private final RecordBuffer buffer;
    private final RecordingClock clock;
    private final int feed;
    /** Of the feed thread, which has most of them. */
    private final Arrival arrival = new Arrival();
    private final AtomicLong unmarked = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private int connections;

    FeedRecorder(final RecordBuffer buffer, final RecordingClock clock, final int feed) {
        this.buffer = buffer;
        this.clock = clock;
        this.feed = feed;
        arrival.feed = feed;
    }

    /** Its number among the recorders. */
    int feed() {
        return feed;
    }

    /** Messages that found no room. */
    long refused() {
        return refused.get();
    }

    /** Messages that found no room since the last mark; there will be none for them. */
    long takeUnmarked() {
        return unmarked.getAndSet(0);
    }

    /** The number of a new connection, from 1. Feed thread, as the next three. */
    int newConnection() {
        return ++connections;
    }

    void onOpen(final int connection, final String url) {
        put(Arrival.OPEN, connection, url);
    }

    void onClose(final int connection, final String reason) {
        put(Arrival.CLOSE, connection, reason);
    }

    /** {@code receivedNs}: monotonic. */
    void onMessage(final boolean isText, final int connection, final long receivedNs, final byte[] bytes,
            final int offset, final int length) {
        put(arrival.set(isText ? Arrival.TEXT : Arrival.BINARY, connection, clock.epochNs(receivedNs), 0), bytes,
            offset, length);
    }

    /** The answer to a request over HTTP. Any thread. */
    void onFetched(final long key, final byte[] body) {
        final Arrival fetched = new Arrival().set(Arrival.FETCHED, 0, clock.nowNs(), key);
        fetched.feed = feed;
        put(fetched, body, 0, body.length);
    }

    private void put(final int type, final int connection, final String words) {
        final byte[] bytes = words.getBytes(StandardCharsets.UTF_8);
        put(arrival.set(type, connection, clock.nowNs(), 0), bytes, 0, bytes.length);
    }

    private void put(final Arrival each, final byte[] bytes, final int offset, final int length) {
        each.missing = unmarked.get() == 0 ? 0 : unmarked.getAndSet(0);
        if (!buffer.offer(each, bytes, offset, length)) {
            unmarked.addAndGet(each.missing + 1);
            refused.incrementAndGet();
        }
    }
}
