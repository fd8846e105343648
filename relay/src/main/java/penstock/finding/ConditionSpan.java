package penstock.finding;

/** Since when something is so. Owned by the {@link FindingWatch} that looks at it. */
final class ConditionSpan {
    private static final long NEVER = -1;

    private long sinceUs = NEVER;

    /** It is so now, or not. */
    void look(final boolean holds, final long nowUs) {
        if (!holds) {
            sinceUs = NEVER;
        } else if (sinceUs == NEVER) {
            sinceUs = nowUs;
        }
    }

    /** Since when it is so; {@code nowUs} if that was not seen yet. */
    long sinceUs(final long nowUs) {
        return sinceUs == NEVER ? nowUs : sinceUs;
    }
}
