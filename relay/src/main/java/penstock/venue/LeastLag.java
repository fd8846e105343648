package penstock.venue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The least lag of each channel in the minute that runs and the one before: delays of the network only add to a lag, so
 * the least one is nearest to the difference of the two clocks. Written by the feed thread; read by any.
 */
final class LeastLag {
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long MINUTE_US = 60_000_000;

    private final long[] minute;
    private final long[] least;
    private final long[] leastBefore;

    LeastLag(final int channels) {
        minute = new long[channels];
        least = new long[channels];
        leastBefore = new long[channels];
        Arrays.fill(least, VenueCounts.UNKNOWN);
        Arrays.fill(leastBefore, VenueCounts.UNKNOWN);
    }

    void onLag(final int channel, final long us, final long epochUs) {
        final long now = Math.floorDiv(epochUs, MINUTE_US);
        if (now != minute[channel]) {
            VALUES.setOpaque(leastBefore, channel, now - minute[channel] == 1 ? least[channel] : VenueCounts.UNKNOWN);
            VALUES.setOpaque(least, channel, us);
            VALUES.setOpaque(minute, channel, now);
        } else if (us < least[channel]) {
            VALUES.setOpaque(least, channel, us);
        }
    }

    /** {@link VenueCounts#UNKNOWN} without one. A read at the turn of a minute may see one of its two minutes alone. */
    long us(final int channel, final long epochUs) {
        final long age = Math.floorDiv(epochUs, MINUTE_US) - (long) VALUES.getOpaque(minute, channel);
        final long newest = (long) VALUES.getOpaque(least, channel);
        final long before = (long) VALUES.getOpaque(leastBefore, channel);
        if (age > 1 || newest == VenueCounts.UNKNOWN) {
            return VenueCounts.UNKNOWN;
        }
        return age == 1 || before == VenueCounts.UNKNOWN ? newest : Math.min(newest, before);
    }
}
