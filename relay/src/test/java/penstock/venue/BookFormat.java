package penstock.venue;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The book messages of venues, and their numbers. */
public enum BookFormat {
    /** A checksum in every change. */
    KRAKEN_V1("kraken-v1", LossSign.CHECKSUM, 100) {
        @Override
        public String encode(final Message message) {
            final String more = ",\"book-100\",\"" + message.symbol() + "\"]";
            final Function<TrueBook.Level, String> row = level -> "[\"" + level.price() + "\",\"" + level.size()
                + "\",\"1618678133.1\"]";
            if (message.isWhole()) {
                return "[464,{\"as\":" + rows(message, false, row) + ",\"bs\":" + rows(message, true, row) + "}" + more;
            }
            final String sum = ",\"c\":\"" + message.book().krakenChecksum() + "\"}";
            final boolean hasBids = message.levels().stream().anyMatch(TrueBook.Level::isBid);
            final boolean hasAsks = message.levels().stream().anyMatch(level -> !level.isBid());
            final String asks = "{\"a\":" + rows(message, false, row);
            final String bids = "{\"b\":" + rows(message, true, row);
            return "[464," + (hasBids && hasAsks ? asks + "}," + bids : hasBids ? bids : asks) + sum + more;
        }
    },
    /** A checksum in every message. */
    KRAKEN_V2("kraken-v2", LossSign.CHECKSUM, 25) {
        @Override
        public String encode(final Message message) {
            final Function<TrueBook.Level, String> row = level -> "{\"price\":" + level.price() + ",\"qty\":"
                + level.size() + "}";
            return "{\"channel\":\"book\",\"type\":\"" + (message.isWhole() ? "snapshot" : "update")
                + "\",\"data\":[{\"symbol\":\""
                + message.symbol() + "\",\"bids\":" + rows(message, true, row) + ",\"asks\":"
                + rows(message, false, row)
                + ",\"checksum\":"
                + message.book().krakenChecksum() + ",\"timestamp\":\"2026-08-01T02:53:53.646219Z\"}]}";
        }
    },
    /** OKX since June 2026. */
    OKX("okx", LossSign.PREVIOUS, 400) {
        @Override
        public String encode(final Message message) {
            return okx(message, 0, ",\"prevSeqId\":" + (message.isWhole() ? -1 : message.before()) + ",\"seqId\":"
                + message.number());
        }

        /** Sometimes nothing has changed; after maintenance the numbers are lower. */
        @Override
        public long next(final long number, final int random) {
            return random == 0 ? number / 2 : super.next(number, random);
        }
    },
    /** OKX before June 2026. */
    OKX_WITH_CHECKSUMS("okx", LossSign.CHECKSUM, 400) {
        @Override
        public String encode(final Message message) {
            return okx(message, message.book().okxChecksum(), "");
        }
    },
    /** Counts the changes of a book. */
    BYBIT("bybit-v5", LossSign.PREVIOUS, 50) {
        @Override
        public String encode(final Message message) {
            final Function<TrueBook.Level, String> row = level -> "[\"" + level.price() + "\",\"" + level.size()
                + "\"]";
            return "{\"topic\":\"orderbook.50." + message.symbol() + "\",\"type\":\""
                + (message.isWhole() ? "snapshot" : "delta")
                + "\",\"ts\":1672304484978,\"data\":{\"s\":\"" + message.symbol() + "\",\"b\":"
                + rows(message, true, row)
                + ",\"a\":"
                + rows(message, false, row) + ",\"u\":" + message.number() + ",\"seq\":" + message.number() * 7 + "}}";
        }

        @Override
        public long next(final long number, final int random) {
            return number + 1;
        }
    },
    /** Carries the number of the change before. */
    DERIBIT("deribit", LossSign.PREVIOUS, 1_000) {
        @Override
        public String encode(final Message message) {
            final Function<TrueBook.Level, String> row = level -> "[\""
                + (level.isRemoval() ? "delete" : message.isWhole() ? "new" : "change")
                + "\"," + level.price() + "," + level.size() + "]";
            return "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":\"book." + message.symbol()
                + ".100ms\",\"data\":{\"type\":\"" + (message.isWhole() ? "snapshot" : "change")
                + "\",\"timestamp\":1626993733801,"
                + (message.isWhole() ? "" : "\"prev_change_id\":" + message.before() + ",") + "\"instrument_name\":\""
                + message.symbol()
                + "\",\"change_id\":" + message.number() + ",\"bids\":" + rows(message, true, row) + ",\"asks\":"
                + rows(message, false, row)
                + "}}}";
        }
    },
    /** Numbers all arrays of a connection; one level per array. */
    BITFINEX("bitfinex", LossSign.CONNECTION, 1_000) {
        @Override
        public String encode(final Message message) {
            final List<String> rows = message.levels().stream()
                .map(level -> "[" + level.price() + "," + (level.isRemoval() ? 0 : 1) + ","
                + (level.isBid() ? "" : "-") + (level.isRemoval() ? "1" : level.size()) + "]").toList();
            return "[" + message.id() + "," + (message.isWhole() ? rows.toString() : rows.get(0)) + ","
                + message.onLine() + "]";
        }
    };

    /** How a loss shows. */
    public enum LossSign { CHECKSUM, PREVIOUS, CONNECTION }

    /**
     * A message about a book.
     *
     * @param levels  changed levels; all levels of a whole book
     * @param book    the book after the message
     * @param numbers numbers of the message
     * @param id      the connection's id of the book
     */
    public record Message(String symbol, boolean isWhole, List<TrueBook.Level> levels, TrueBook book, Numbers numbers,
            int id) {
        public long before() {
            return numbers.before();
        }

        public long number() {
            return numbers.own();
        }

        public long onLine() {
            return numbers.onLine();
        }
    }

    /**
     * The numbers of a message.
     *
     * @param before of the message before
     * @param own    of this message
     * @param onLine of this message on the connection
     */
    public record Numbers(long before, long own, long onLine) {
    }

    public final String venue;
    public final LossSign lossSign;
    public final int depth;

    BookFormat(final String venue, final LossSign lossSign, final int depth) {
        this.venue = venue;
        this.lossSign = lossSign;
        this.depth = depth;
    }

    public abstract String encode(Message said);

    /** The number after this one. */
    public long next(final long number, final int random) {
        return number + 1 + random % 3;
    }

    private static String okx(final Message message, final long checksum, final String ids) {
        final Function<TrueBook.Level, String> row = level -> "[\"" + level.price() + "\",\"" + level.size()
            + "\",\"0\",\"1\"]";
        final String action = message.isWhole() ? "snapshot" : "update";
        return "{\"arg\":{\"channel\":\"books\",\"instId\":\"" + message.symbol() + "\"},\"action\":\"" + action
            + "\",\"data\":[{\"asks\":" + rows(message, false, row) + ",\"bids\":" + rows(message, true, row)
            + ",\"ts\":\"1685221680000\",\"checksum\":" + checksum + ids + "}]}";
    }

    private static String rows(final Message message, final boolean isBid, final Function<TrueBook.Level, String> row) {
        return message.levels().stream().filter(level -> level.isBid() == isBid).map(row)
            .collect(Collectors.joining(",", "[", "]"));
    }
}
