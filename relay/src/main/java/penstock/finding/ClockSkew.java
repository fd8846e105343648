package penstock.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The venue's clock against this machine's, by the least age of the updates of a minute. Delays only add to an age: if
 * all updates come from the future, a clock is wrong. Owned by the {@link FindingWatch} that looks at it.
 */
final class ClockSkew {
    /** Clocks that time servers set differ by some tens of milliseconds. */
    private static final long AHEAD_US = 250_000;
    /** A slow venue and a long way take less. */
    private static final long BEHIND_US = 2_000_000;
    private static final double US_PER_SECOND = 1e6;
    private static final String REMEDY = "compare this machine's clock with a time server (chronyc tracking, "
        + "timedatectl); while it is wrong, so are the ages in the metrics";

    private final ConditionSpan ahead = new ConditionSpan();
    private final ConditionSpan behind = new ConditionSpan();
    private long leastUs = Long.MAX_VALUE;

    /** The least age now; {@link Long#MAX_VALUE} if it is not known. */
    void look(final long ageUs, final long nowUs) {
        leastUs = ageUs;
        ahead.look(isAhead(), nowUs);
        behind.look(isBehind(), nowUs);
    }

    /** Appends what is wrong with the clocks of these feeds. If several feeds agree, it is the clock they share. */
    static void add(final List<OperatorFinding> found, final List<String> titles, final List<ClockSkew> feeds,
            final long nowUs) {
        final List<ClockSkew> known = feeds.stream().filter(each -> each.leastUs != Long.MAX_VALUE).toList();
        final boolean isOurs = known.size() > 1
            && (known.stream().allMatch(ClockSkew::isAhead) || known.stream().allMatch(ClockSkew::isBehind));
        if (isOurs) {
            found.add(known.get(0).finding("clock", ", as all " + known.size() + " feeds show",
                "this machine's clock is " + (known.get(0).isAhead() ? "behind" : "ahead"), nowUs));
            return;
        }
        final List<OperatorFinding> each = new ArrayList<>();
        for (int i = 0; i < feeds.size(); i++) {
            final ClockSkew skew = feeds.get(i);
            if (skew.isAhead()) {
                each.add(skew.finding(titles.get(i), "", "this machine's clock is behind, or the venue's is ahead: no "
                    + "delay makes values that are newer than now", nowUs));
            } else if (skew.isBehind()) {
                each.add(skew.finding(titles.get(i), "", "this machine's clock is ahead, or the venue's is behind; or "
                    + "the venue sends late, or old values only", nowUs));
            }
        }
        found.addAll(each);
    }

    private OperatorFinding finding(final String subject, final String more, final String cause, final long nowUs) {
        final String by = String.format(Locale.ROOT, "%.1f s", Math.abs(leastUs) / US_PER_SECOND);
        return new OperatorFinding(FindingSeverity.WARNING, subject,
            (isAhead() ? "the venue's time in its updates is " + by + " ahead of this machine's clock"
                : "the newest updates are " + by + " old when they come, by the venue's time in them") + more,
            cause, (isAhead() ? ahead : behind).sinceUs(nowUs), REMEDY);
    }

    private boolean isAhead() {
        return leastUs < -AHEAD_US;
    }

    private boolean isBehind() {
        return leastUs != Long.MAX_VALUE && leastUs > BEHIND_US;
    }
}
