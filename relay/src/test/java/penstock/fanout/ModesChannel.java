package penstock.fanout;

/** The channels of the model, one of each conflation class. Immutable. */
enum ModesChannel {
    QUOTE("last-value", 5, "Q."),
    TICKER("merge", 4, "M."),
    BOOK("order-book", 3, "B."),
    TRADE("event", 4, "E.");

    final String conflation;
    final int symbols;
    private final String prefix;

    ModesChannel(final String conflation, final int symbols, final String prefix) {
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

    static ModesChannel of(final String symbol) {
        for (final ModesChannel channel : values()) {
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
