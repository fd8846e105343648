package penstock.wire;

/**
 * Writes the message that says how many updates of a subscription are missing, and of which topics: its length is
 * bounded, and what does not fit is in the sum alone. Not thread-safe.
 */
public final class GapMessage {
    /** The most topics that it names. */
    public static final int MAX_TOPICS = 500;
    /** It names no more of them once it is that long. */
    private static final int MAX_BYTES = 64 * 1024;

    private final MessageBuffer out;
    private int topics;

    /** Messages are appended to {@code out}. */
    public GapMessage(final MessageBuffer out) {
        this.out = out;
    }

    /** A subscription of mode all missed {@code missed} updates in all; all others up to {@code p} were sent. */
    public GapMessage begin(final String sub, final long p, final long missed) {
        topics = 0;
        out.put("{\"type\":\"gap\",\"sub\":").putString(sub).put(",\"p\":").put(p).put(",\"missed\":").put(missed);
        return this;
    }

    /** {@code missed} of them are of this topic, the last of which is {@code q}. */
    public GapMessage add(final String symbol, final long q, final long missed) {
        if (topics < MAX_TOPICS && out.length() < MAX_BYTES) {
            out.put(topics++ == 0 ? ",\"topics\":[[" : ",[").putString(symbol).put(',').put(q).put(',').put(missed)
                .put(']');
        }
        return this;
    }

    /** Ends it. */
    public void end() {
        out.put(topics > 0 ? "]}" : "}");
    }
}
