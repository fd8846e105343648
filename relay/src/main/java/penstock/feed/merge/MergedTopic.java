package penstock.feed.merge;

import java.util.Arrays;
import penstock.ring.TickPublisher;

/** One topic of several feeds: what is shown of it, and which of them sends something. Owned by the feed thread. */
final class MergedTopic {
    /** Nothing is shown. */
    static final int NONE = -1;
    private static final long NEVER = Long.MIN_VALUE;

    final int number;
    private final MergedChannel channel;
    /** By source: when its newest value arrived; {@link #NEVER} while it has none that counts. */
    private final long[] arrivedNs;
    private int shown = NONE;
    private long shownNs;
    private long shownTimeUs = TickPublisher.NO_TIME;

    MergedTopic(final int number, final MergedChannel channel) {
        this.number = number;
        this.channel = channel;
        arrivedNs = new long[channel.sources().size()];
        Arrays.fill(arrivedNs, NEVER);
    }

    /** The source whose value is shown. */
    int shown() {
        return shown;
    }

    /**
     * Whether a value of that source is shown, which has arrived now. One that the venues' clocks call older than the
     * value shown is not, as long as that is young.
     */
    boolean accepts(final int source, final long timeUs, final long receivedNs) {
        arrivedNs[source] = receivedNs;
        for (int i = 0; channel.prefersFirst() && i < source; i++) {
            if (isYoung(arrivedNs[i], receivedNs)) {
                return false;
            }
        }
        final boolean isOlder = timeUs != TickPublisher.NO_TIME && shownTimeUs != TickPublisher.NO_TIME
            && timeUs < shownTimeUs;
        if (isOlder && shown != NONE && isYoung(shownNs, receivedNs)) {
            return false;
        }
        shown = source;
        shownNs = receivedNs;
        shownTimeUs = timeUs;
        return true;
    }

    /** The value of a source does not count any more; true if it is the one shown. */
    boolean lose(final int source) {
        arrivedNs[source] = NEVER;
        return shown == source;
    }

    private boolean isYoung(final long arrived, final long nowNs) {
        return arrived != NEVER && nowNs - arrived <= channel.maxAgeNs();
    }
}
