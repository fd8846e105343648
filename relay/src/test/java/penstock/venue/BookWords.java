package penstock.venue;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The book messages of venues, and their numbers. */
public enum BookWords {
    /** A checksum in every change. */
    KRAKEN_V1("kraken-v1", Shows.CHECKSUM, 100) {
        @Override
        public String say(final Said said) {
            final String more = ",\"book-100\",\"" + said.symbol() + "\"]";
            final Function<TrueBook.Level, String> row = level -> "[\"" + level.price() + "\",\"" + level.size()
                + "\",\"1618678133.1\"]";
            if (said.isWhole()) {
                return "[464,{\"as\":" + rows(said, false, row) + ",\"bs\":" + rows(said, true, row) + "}" + more;
            }
            final String sum = ",\"c\":\"" + said.book().krakenChecksum() + "\"}";
            final boolean hasBids = said.levels().stream().anyMatch(TrueBook.Level::isBid);
            final boolean hasAsks = said.levels().stream().anyMatch(level -> !level.isBid());
            final String asks = "{\"a\":" + rows(said, false, row);
            final String bids = "{\"b\":" + rows(said, true, row);
            return "[464," + (hasBids && hasAsks ? asks + "}," + bids : hasBids ? bids : asks) + sum + more;
        }
    },
    /** A checksum in every message. */
    KRAKEN_V2("kraken-v2", Shows.CHECKSUM, 25) {
        @Override
        public String say(final Said said) {
            final Function<TrueBook.Level, String> row = level -> "{\"price\":" + level.price() + ",\"qty\":"
                + level.size() + "}";
            return "{\"channel\":\"book\",\"type\":\"" + (said.isWhole() ? "snapshot" : "update")
                + "\",\"data\":[{\"symbol\":\""
                + said.symbol() + "\",\"bids\":" + rows(said, true, row) + ",\"asks\":" + rows(said, false, row)
                + ",\"checksum\":"
                + said.book().krakenChecksum() + ",\"timestamp\":\"2026-08-01T02:53:53.646219Z\"}]}";
        }
    },
    /** OKX since June 2026. */
    OKX("okx", Shows.PREVIOUS, 400) {
        @Override
        public String say(final Said said) {
            return okx(said, 0, ",\"prevSeqId\":" + (said.isWhole() ? -1 : said.before()) + ",\"seqId\":"
                + said.number());
        }

        /** Sometimes nothing has changed; after maintenance the numbers are lower. */
        @Override
        public long next(final long number, final int random) {
            return random == 0 ? number / 2 : super.next(number, random);
        }
    },
    /** OKX before June 2026. */
    OKX_WITH_CHECKSUMS("okx", Shows.CHECKSUM, 400) {
        @Override
        public String say(final Said said) {
            return okx(said, said.book().okxChecksum(), "");
        }
    },
    /** Counts the changes of a book. */
    BYBIT("bybit-v5", Shows.PREVIOUS, 50) {
        @Override
        public String say(final Said said) {
            final Function<TrueBook.Level, String> row = level -> "[\"" + level.price() + "\",\"" + level.size()
                + "\"]";
            return "{\"topic\":\"orderbook.50." + said.symbol() + "\",\"type\":\""
                + (said.isWhole() ? "snapshot" : "delta")
                + "\",\"ts\":1672304484978,\"data\":{\"s\":\"" + said.symbol() + "\",\"b\":" + rows(said, true, row)
                + ",\"a\":"
                + rows(said, false, row) + ",\"u\":" + said.number() + ",\"seq\":" + said.number() * 7 + "}}";
        }

        @Override
        public long next(final long number, final int random) {
            return number + 1;
        }
    },
    /** Carries the number of the change before. */
    DERIBIT("deribit", Shows.PREVIOUS, 1_000) {
        @Override
        public String say(final Said said) {
            final Function<TrueBook.Level, String> row = level -> "[\""
                + (level.isRemoval() ? "delete" : said.isWhole() ? "new" : "change")
                + "\"," + level.price() + "," + level.size() + "]";
            return "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":\"book." + said.symbol()
                + ".100ms\",\"data\":{\"type\":\"" + (said.isWhole() ? "snapshot" : "change")
                + "\",\"timestamp\":1626993733801,"
                + (said.isWhole() ? "" : "\"prev_change_id\":" + said.before() + ",") + "\"instrument_name\":\""
                + said.symbol()
                + "\",\"change_id\":" + said.number() + ",\"bids\":" + rows(said, true, row) + ",\"asks\":"
                + rows(said, false, row)
                + "}}}";
        }
    },
    /** Numbers all arrays of a connection; one level per array. */
    BITFINEX("bitfinex", Shows.CONNECTION, 1_000) {
        @Override
        public String say(final Said said) {
            final List<String> rows = said.levels().stream()
                .map(level -> "[" + level.price() + "," + (level.isRemoval() ? 0 : 1) + ","
                + (level.isBid() ? "" : "-") + (level.isRemoval() ? "1" : level.size()) + "]").toList();
            return "[" + said.id() + "," + (said.isWhole() ? rows.toString() : rows.get(0)) + "," + said.onLine() + "]";
        }
    };

    /** How a loss shows. */
    public enum Shows { CHECKSUM, PREVIOUS, CONNECTION }

    /**
     * A message about a book.
     *
     * @param levels  changed levels; all levels of a whole book
     * @param book    the book after the message
     * @param numbers numbers of the message
     * @param id      the connection's id of the book
     */
    public record Said(String symbol, boolean isWhole, List<TrueBook.Level> levels, TrueBook book, Numbers numbers,
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
    public final Shows shows;
    public final int depth;

    BookWords(final String venue, final Shows shows, final int depth) {
        this.venue = venue;
        this.shows = shows;
        this.depth = depth;
    }

    public abstract String say(Said said);

    /** The number after this one. */
    public long next(final long number, final int random) {
        return number + 1 + random % 3;
    }

    private static String okx(final Said said, final long checksum, final String ids) {
        final Function<TrueBook.Level, String> row = level -> "[\"" + level.price() + "\",\"" + level.size()
            + "\",\"0\",\"1\"]";
        final String action = said.isWhole() ? "snapshot" : "update";
        return "{\"arg\":{\"channel\":\"books\",\"instId\":\"" + said.symbol() + "\"},\"action\":\"" + action
            + "\",\"data\":[{\"asks\":" + rows(said, false, row) + ",\"bids\":" + rows(said, true, row)
            + ",\"ts\":\"1685221680000\",\"checksum\":" + checksum + ids + "}]}";
    }

    private static String rows(final Said said, final boolean isBid, final Function<TrueBook.Level, String> row) {
        return said.levels().stream().filter(level -> level.isBid() == isBid).map(row)
            .collect(Collectors.joining(",", "[", "]"));
    }
}
