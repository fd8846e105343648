package penstock.feed.tick;

import java.util.Arrays;

/**
 * Runs of numbers of a count that did not arrive, and that a line which is behind may still send: neither published nor
 * reported as missing. It keeps few runs, 24 B each, for a short time, and returns how many numbers it gives up. Owned
 * by the feed thread.
 */
final class MissingNumbers {
    /** A line that is behind and loses events itself makes more of one run. */
    static final int MAX_RUNS = 16;
    /** As long as a connection may be behind another one. */
    static final long MAX_NS = 5_000_000_000L;
    /** No outage is that long: a venue that jumps further numbers its events in another way. */
    static final long MAX_LENGTH = 1_000_000_000;
    private static final long[] NONE = {};

    /** Rising; a run is {@code from[i]} up to {@code end[i]}, without that. */
    private long[] from = NONE;
    private long[] end = NONE;
    private long[] sinceNs = NONE;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    boolean contains(final long number) {
        for (int i = 0; i < count; i++) {
            if (number >= from[i] && number < end[i]) {
                return true;
            }
        }
        return false;
    }

    /** A run above or below all others; returns how many numbers are given up for it. */
    long add(final long first, final long limit, final long nowNs) {
        if (first >= limit) {
            return 0;
        }
        final long givenUp = makeRoom();
        insert(count > 0 && first < from[0] ? 0 : count, first, limit, nowNs);
        return givenUp;
    }

    /** One of the numbers has arrived; returns how many others are given up. */
    long remove(final long number) {
        int i = 0;
        while (number >= end[i]) {
            i++;
        }
        if (number == from[i]) {
            from[i]++;
            dropEmpty(i);
        } else if (number == end[i] - 1) {
            end[i]--;
        } else {
            final long limit = end[i];
            end[i] = number;
            insert(i + 1, number + 1, limit, sinceNs[i]);
            return count > MAX_RUNS ? giveUpOldest() : 0;
        }
        return 0;
    }

    /** Gives up what is not above a number, and what is missing for too long; returns how many numbers that are. */
    long giveUp(final long upTo, final long nowNs) {
        long givenUp = 0;
        for (int i = count - 1; i >= 0; i--) {
            final long limit = nowNs - sinceNs[i] > MAX_NS || upTo >= end[i] ? end[i] : Math.max(from[i], upTo + 1);
            givenUp += length(from[i], limit);
            from[i] = limit;
            dropEmpty(i);
        }
        return givenUp;
    }

    /** Gives up all; returns how many numbers that are. */
    long giveUpAll() {
        long givenUp = 0;
        while (count > 0) {
            givenUp += giveUpOldest();
        }
        return givenUp;
    }

    private long makeRoom() {
        return count < MAX_RUNS ? 0 : giveUpOldest();
    }

    private long giveUpOldest() {
        final long givenUp = length(from[0], end[0]);
        from[0] = end[0];
        dropEmpty(0);
        return givenUp;
    }

    private static long length(final long first, final long limit) {
        final long length = limit - first;
        return length <= MAX_LENGTH ? length : 0;
    }

    private void insert(final int at, final long first, final long limit, final long since) {
        if (count == from.length) {
            from = Arrays.copyOf(from, count + 4);
            end = Arrays.copyOf(end, count + 4);
            sinceNs = Arrays.copyOf(sinceNs, count + 4);
        }
        System.arraycopy(from, at, from, at + 1, count - at);
        System.arraycopy(end, at, end, at + 1, count - at);
        System.arraycopy(sinceNs, at, sinceNs, at + 1, count - at);
        from[at] = first;
        end[at] = limit;
        sinceNs[at] = since;
        count++;
    }

    private void dropEmpty(final int i) {
        if (from[i] < end[i]) {
            return;
        }
        count--;
        System.arraycopy(from, i + 1, from, i, count - i);
        System.arraycopy(end, i + 1, end, i, count - i);
        System.arraycopy(sinceNs, i + 1, sinceNs, i, count - i);
    }
}
