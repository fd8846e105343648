package penstock.bench.load.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import penstock.bench.load.feed.PacedFeed;

/**
 * Counts and times the updates of {@link PacedFeed}, bare or in the relay's envelope with several in one frame. Updates
 * look alike, so the next due time is expected where it was in the previous frame, and searched only if it is not
 * there. Owned by its swarm's thread.
 */
public final class UpdateScan implements FrameReader {
    private static final int QUOTED_NS = 0x226e7322; // "ns"
    private static final int DUE_BYTES = "\"ns\":".length();
    private static final int NUMBER_BYTES = ",\"n\":".length();
    private static final byte[] MISSED = "\"missed\":".getBytes(StandardCharsets.US_ASCII);
    /** From {@code "v":} to the first digit of the symbol: {@code {"symbol":"FX}. */
    private static final int VALUE_TO_SYMBOL_BYTES = "{\"symbol\":\"FX".length();

    private int firstStep;
    private int nextStep;
    private int at;

    @Override
    public void onText(final SwarmSession session, final ByteBuffer buffer, final int from, final int to,
            final long nowNs) {
        final boolean isEnvelope = to - from > 12 && buffer.get(from + 2) == 't' && buffer.get(from + 3) == 'y';
        boolean isImage = false;
        if (isEnvelope) {
            switch (buffer.get(from + 9)) { // {"type":"update"
                case 'u':
                    break;
                case 's':
                    isImage = buffer.get(from + 10) == 'n';
                    if (!isImage) {
                        return;
                    }
                    session.isSnapshotSeen = true;
                    break;
                case 'g':
                    onGap(session, buffer, from, to, nowNs);
                    return;
                case 'e':
                    throw new IllegalStateException(
                        StandardCharsets.UTF_8.decode(buffer.duplicate().limit(to).position(from)).toString());
                default:
                    return;
            }
        }
        int start = from;
        int due = find(buffer, start, to, firstStep);
        firstStep = due < 0 ? firstStep : due - start;
        while (due >= 0) {
            update(session, buffer, due, isEnvelope, isImage, nowNs);
            start = at;
            due = find(buffer, start, to, nextStep);
            nextStep = due < 0 ? nextStep : due - start;
        }
    }

    private void update(final SwarmSession session, final ByteBuffer buffer, final int due, final boolean isEnvelope,
            final boolean isImage,
                        final long nowNs) {
        at = due + DUE_BYTES;
        final long dueNs = number(buffer);
        at += NUMBER_BYTES;
        final int n = (int) number(buffer);
        final int behind = at;
        final int symbolAt = due + DUE_BYTES - PacedFeed.SYMBOL_TO_NS_BYTES;
        at = symbolAt;
        final int symbol = (int) number(buffer);
        final long conflated = isEnvelope && !isImage ? conflated(buffer, symbolAt - VALUE_TO_SYMBOL_BYTES) : 0;
        at = behind;
        session.onUpdate(symbol, n, dueNs, conflated, isImage, nowNs);
    }

    /** The entry's {@code "c":3} in front of {@code ,"v":}, read backwards; 0 when there is none. */
    private static long conflated(final ByteBuffer buffer, final int value) {
        long count = 0;
        long weight = 1;
        int i = value - 6; // ,"v":
        for (byte digit = buffer.get(i); digit >= '0' && digit <= '9'; digit = buffer.get(--i)) {
            count += weight * (digit - '0');
            weight *= 10;
        }
        return buffer.get(i) == ':' && buffer.get(i - 2) == 'c' ? count : 0;
    }

    private void onGap(final SwarmSession session, final ByteBuffer buffer, final int from, final int to,
            final long nowNs) {
        for (int i = from; i <= to - MISSED.length; i++) {
            int same = 0;
            while (same < MISSED.length && buffer.get(i + same) == MISSED[same]) {
                same++;
            }
            if (same == MISSED.length) {
                at = i + same;
                session.options.stats().onGap(number(buffer), nowNs);
                return;
            }
        }
    }

    /** Where {@code "ns":} is; -1 when it is nowhere. */
    private static int find(final ByteBuffer buffer, final int from, final int to, final int step) {
        final int guess = from + step;
        if (guess + DUE_BYTES <= to && buffer.getInt(guess) == QUOTED_NS) {
            return guess;
        }
        int i = from;
        while (i + DUE_BYTES <= to) {
            // compare the last byte first: a byte outside the pattern lets the search skip the whole pattern
            switch (buffer.get(i + DUE_BYTES - 1)) {
                case ':':
                    if (buffer.getInt(i) == QUOTED_NS) {
                        return i;
                    }
                    i += DUE_BYTES;
                    break;
                case '"':
                    i += 1;
                    break;
                case 's':
                    i += 2;
                    break;
                case 'n':
                    i += 3;
                    break;
                default:
                    i += DUE_BYTES;
                    break;
            }
        }
        return -1;
    }

    private long number(final ByteBuffer buffer) {
        long value = 0;
        int i = at;
        for (byte digit = buffer.get(i); digit >= '0' && digit <= '9'; digit = buffer.get(++i)) {
            value = value * 10 + digit - '0';
        }
        at = i;
        return value;
    }
}
