package penstock.oracle;

/** The channels of the simulated venue, one of each class. */
public enum MarketChannel {
    /** The newest value replaces the one before. */
    QUOTE("quote", "last-value"),
    /** Each update has some of the fields. */
    STATS("stats", "merge"),
    /** Levels that change. */
    BOOK("book", "order-book"),
    /** Each update counts. */
    TRADE("trade", "event");

    private final String word;
    private final String conflation;

    MarketChannel(final String word, final String conflation) {
        this.word = word;
        this.conflation = conflation;
    }

    /** The name of the channel. */
    public String word() {
        return word;
    }

    /** The class of the channel. */
    public String conflation() {
        return conflation;
    }

    /** The channel of that name. */
    public static MarketChannel of(final String word) {
        for (final MarketChannel channel : values()) {
            if (channel.word.equals(word)) {
                return channel;
            }
        }
        throw new IllegalArgumentException("no channel " + word);
    }
}
