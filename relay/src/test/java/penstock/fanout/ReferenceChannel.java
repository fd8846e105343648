package penstock.fanout;

/** The channels of the model, one of each conflation class. Immutable. */
enum ReferenceChannel {
    QUOTE("last-value", 5, "Q."),
    TICKER("merge", 4, "M."),
    BOOK("order-book", 3, "B."),
    TRADE("event", 4, "E.");

    final String conflation;
    final int symbols;
    private final String prefix;

    ReferenceChannel(final String conflation, final int symbols, final String prefix) {
        this.conflation = conflation;
        this.symbols = symbols;
        this.prefix = prefix;
    }

    String channel() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Begins as those of no other channel do. */
    String symbol(final int number) {
        return prefix + number;
    }

    static ReferenceChannel of(final String symbol) {
        for (final ReferenceChannel channel : values()) {
            if (symbol.startsWith(channel.prefix)) {
                return channel;
            }
        }
        throw new IllegalArgumentException(symbol);
    }

    boolean isBook() {
        return this == BOOK;
    }

    boolean isEventChannel() {
        return this == TRADE;
    }
}
