package penstock.venue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;

/**
 * Counts by channel and by rule of a venue file, over all its connections. No atomic read-modify-write.
 * Written by the feed thread; read by any thread.
 */
public final class VenueCounts {
    /** No update of the channel had a time. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] updates;
    private final long[] events;
    private final long[] gaps;
    private final long[] missed;
    private final long[] silent;
    private final long[] withoutValue;
    private final long[] lagUs;
    private final LeastLag leastLag;
    private final long[] matched;
    private final long[] bad = new long[4];
    private volatile List<String> namesWithoutValue = List.of();

    VenueCounts(final int channels, final int rules) {
        updates = new long[channels];
        events = new long[channels];
        gaps = new long[channels];
        missed = new long[channels];
        silent = new long[channels];
        withoutValue = new long[channels];
        lagUs = new long[channels];
        Arrays.fill(lagUs, UNKNOWN);
        leastLag = new LeastLag(channels);
        matched = new long[rules];
    }

    /** Updates of a channel of any class. */
    public long updates(final int channel) {
        return get(updates, channel);
    }

    /** Updates of an event channel. */
    public long events(final int channel) {
        return get(events, channel);
    }

    /** Gaps of a channel; meaningless if {@link Venue#detectsGaps} is false. */
    public long gaps(final int channel) {
        return get(gaps, channel);
    }

    /** Events of a channel that were never received, by the venue's numbers. */
    public long missed(final int channel) {
        return get(missed, channel);
    }

    /** Topics of a channel that became stale because only they were silent. */
    public long silent(final int channel) {
        return get(silent, channel);
    }

    /** Requested topics of a channel without any value for longer than the channel allows. */
    public long withoutValue(final int channel) {
        return get(withoutValue, channel);
    }

    /** The first of them, as {@code CHANNEL SYMBOL}; {@link #withoutValue} counts all. */
    public List<String> namesWithoutValue() {
        return namesWithoutValue;
    }

    /**
     * Microseconds between the venue's time in the newest update of a channel and its receipt, by two clocks: negative
     * if the venue's is ahead. {@link #UNKNOWN} if no update had a time.
     */
    public long lagUs(final int channel) {
        return get(lagUs, channel);
    }

    /** The largest {@link #lagUs} of all channels; {@link #UNKNOWN} if no update had a time. */
    public long worstLagUs() {
        long worst = UNKNOWN;
        for (int i = 0; i < lagUs.length; i++) {
            worst = Math.max(worst, lagUs(i));
        }
        return worst;
    }

    /** The least {@link #lagUs} of a channel in one to two minutes before {@code epochUs}, or {@link #UNKNOWN}. */
    public long leastLagUs(final int channel, final long epochUs) {
        return leastLag.us(channel, epochUs);
    }

    /** Messages, or elements of messages, that matched a rule. */
    public long matched(final int rule) {
        return get(matched, rule);
    }

    /** Unreadable times; their updates were published without a time. */
    public long badTimes() {
        return get(bad, 0);
    }

    /** Unusable rows of order books. */
    public long badLevels() {
        return get(bad, 1);
    }

    /** Sequence numbers that could not be read; their updates were published unchecked. */
    public long badNumbers() {
        return get(bad, 2);
    }

    /** Values that were left out, because they are not of the type of their field. */
    public long badValues() {
        return get(bad, 3);
    }

    /** An update of a channel was received at {@code epochUs}, {@code us} after the venue's time in it. */
    public void onLag(final int channel, final long us, final long epochUs) {
        VALUES.setOpaque(lagUs, channel, us);
        leastLag.onLag(channel, us, epochUs);
    }

    public void onUpdate(final int channel) {
        add(updates, channel, 1);
    }

    public void onEvent(final int channel) {
        add(events, channel, 1);
    }

    /** A gap of the whole connection may concern any channel, so it counts for every channel. */
    public void onGap(final int channel) {
        for (int i = channel < 0 ? 0 : channel; i < (channel < 0 ? gaps.length : channel + 1); i++) {
            add(gaps, i, 1);
        }
    }

    public void onMissed(final int channel, final long count) {
        add(missed, channel, count);
    }

    public void onSilent(final int channel) {
        add(silent, channel, 1);
    }

    public void onWithoutValue(final int channel, final long count) {
        VALUES.setOpaque(withoutValue, channel, count);
    }

    public void onNamesWithoutValue(final List<String> names) {
        namesWithoutValue = names;
    }

    void onMatch(final int rule) {
        add(matched, rule, 1);
    }

    void onBadTime() {
        add(bad, 0, 1);
    }

    void onBadNumber() {
        add(bad, 2, 1);
    }

    void onBadValues(final int count) {
        if (count > 0) {
            add(bad, 3, count);
        }
    }

    void onBadLevels(final int count) {
        add(bad, 1, count);
    }

    private static void add(final long[] values, final int i, final long count) {
        VALUES.setOpaque(values, i, values[i] + count);
    }

    private static long get(final long[] values, final int i) {
        return (long) VALUES.getOpaque(values, i);
    }
}
