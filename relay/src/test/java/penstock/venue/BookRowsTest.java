package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateSlice;
import penstock.testkit.OnlyUpdates;

/** Books of model venues: one level in a message, other columns for each side, orders instead of levels. */
class BookRowsTest {
    private static final String FILE = """
        name = model
        channels { book { class = order-book, default = true } }
        messages { rules = [ %s ] }
        """;
    private static final String SNAPSHOT =
        "{ name = snapshot, match { \"$/all\" = \"*\" }, key = \"$/s\", kind = snapshot, emit = \"$/s\", book { ";
    private static final String CHANGE =
        "{ name = change, match { \"$/s\" = \"*\" }, key = \"$/s\", kind = delta, emit = \"$/s\", book { ";
    private static final String FLAT =
        SNAPSHOT + "bids = \"$/all/b\", asks = \"$/all/a\", level = [0, 1] } }\n"
        + CHANGE + "levels = \"$\", level = [price, size], side = side } }";
    /** The shapes of R0 books, and of feeds of single orders. */
    private static final String ORDERS = SNAPSHOT
        + "levels = \"$/all\", level = [1, 2], id = 0, side = sign, orders = set } }\n"
        + CHANGE.replace("change", "reduce").replace("\"$/s\" = \"*\"", "\"$/type\" = match")
        + "levels = \"$\", level = [price, size], id = maker, side = side, orders = reduce } }\n"
        + CHANGE + "levels = \"$\", level = [price, left], id = id, side = side, orders = set, "
        + "delete-when { \"$/type\" = done } } }";

    private final List<String> levels = new ArrayList<>();
    private final Map<String, String> book = new TreeMap<>();
    private Venue venue;
    private FeedBooks books;

    @Test
    void shouldReadOneLevelFromTheMessageItself() {
        begin(FLAT);
        send("{'s':'A','all':{'b':[['1.0','2']],'a':[]}}", "{'s':'A','price':'1.10','size':'3','side':'buy'}",
            "{'s':'A','price':1.20,'size':0,'side':'SELL'}");
        assertThat(levels).containsExactly("snapshot bid '1.0'='2'", "delta bid '1.10'='3'", "delta ask 1.20=");
        send("{'s':'A','price':'x','size':'3','side':'buy'}");
        assertThat(venue.badLevels()).isOne();
    }

    @Test
    void shouldReadOneLevelFromAnElement() {
        begin("{ name = a, match { \"$/d\" = \"type:array\" }, each = \"$/d/*\", key = \"@/s\", kind = \"@/k\", emit = \"@/s\""
            + ", book { levels = \"@\", level = [p, q], side = side } }");
        send("{'d':[{'s':'A','k':'snapshot','p':1,'q':2,'side':'b'},{'s':'A','k':'delta','p':3,'q':4,'side':'a'}]}");
        assertThat(levels).containsExactly("snapshot bid 1=2", "delta ask 3=4");
    }

    @Test
    void shouldReadOtherColumnsForEachSide() {
        begin(SNAPSHOT + "bids = \"$/all\", asks = \"$/all\", bid-level = [bp, bq], ask-level = [ap, aq] } }\n"
            + CHANGE + "levels = \"$/rows\", side = side, bid-level = [bp, bq], ask-level = [ap, aq] } }");
        send("{'s':'A','all':[{'bp':1,'bq':2,'ap':3,'aq':4},{'bp':0.5,'bq':1,'ap':4,'aq':1}]}",
            "{'s':'A','rows':[{'side':'bid','bp':1,'bq':0},{'side':'ask','ap':5,'aq':6}]}");
        assertThat(levels).containsExactly("snapshot bid 1=2", "snapshot bid 0.5=1", "snapshot ask 3=4",
            "snapshot ask 4=1", "delta bid 1=", "delta ask 5=6");
    }

    @Test
    void shouldAddUpOrdersByPrice() {
        begin(ORDERS);
        send("{'s':'A','id':'1','price':1,'left':1,'side':'buy','type':'open'}");
        assertThat(levels).as("before the snapshot").isEmpty();
        send("{'s':'A','all':[['1',7.0,1.50],['2',7.0,0.25],['3',8,-2]]}");
        assertThat(book).containsOnly(Map.entry("bid 7.0", "1.75"), Map.entry("ask 8", "2"));
        send("{'s':'A','id':'4','price':'7.00','left':'0.25','side':'buy','type':'open'}");
        assertThat(book).as("the price of the first order").containsEntry("bid 7.0", "2.00");
        send("{'s':'A','id':'2','left':0.05,'type':'change'}", "{'s':'A','maker':'1','size':0.5,'type':'match'}");
        assertThat(book).containsEntry("bid 7.0", "1.30");
        send("{'s':'A','id':'4','price':9,'type':'change'}");
        assertThat(book).containsEntry("bid 7.0", "1.05").containsEntry("bid 9", "0.25");
        send("{'s':'A','id':'1','type':'done'}", "{'s':'A','id':'2','type':'done'}", "{'s':'A','id':'3','type':'done'}",
            "{'s':'A','maker':'4','size':0.25,'type':'match'}", "{'s':'A','id':'9','type':'done'}",
            "{'s':'A','maker':'9','size':1,'type':'match'}");
        assertThat(book).isEmpty();
        assertThat(venue.counts().badLevels()).isZero();
    }

    @Test
    void shouldCallAnOrderBadThatLacksSomething() {
        begin(ORDERS);
        send("{'s':'A','all':[]}");
        for (final String bad : List.of("{'s':'A','id':'1','left':1,'side':'buy'}",
                "{'s':'A','id':'1','price':1,'side':'buy'}",
                "{'s':'A','price':1,'left':1,'side':'buy'}", "{'s':'A','id':'1','price':1,'left':1}",
                "{'s':'A','maker':'1','type':'match'}", "{'s':'A','id':'1','price':1,'left':1e300000000,'side':'buy'}")) {
            final long before = venue.counts().badLevels();
            send(bad);
            assertThat(venue.counts().badLevels()).as(bad).isEqualTo(before + 1);
        }
        assertThat(book).isEmpty();
    }

    /** A book of random orders is what adding up all its orders gives. */
    @Test
    void shouldHaveTheSumOfAllOrders() {
        final long seed = Long.getLong("penstock.seed", System.nanoTime());
        System.out.println("penstock.seed = " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        begin(ORDERS);
        send("{'s':'A','all':[]}");
        final Map<Integer, String[]> orders = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            final int id = random.nextInt(30);
            final String size =
                new BigDecimal(1 + random.nextInt(999)).movePointLeft(random.nextInt(4)).toPlainString();
            final String[] order = orders.get(id);
            if (order != null && random.nextInt(3) == 0) {
                send("{'s':'A','id':'" + id + "','type':'done'}");
                orders.remove(id);
            } else if (order != null && random.nextBoolean()) {
                send("{'s':'A','maker':'" + id + "','size':'" + size + "','type':'match'}");
                final BigDecimal left = new BigDecimal(order[1]).subtract(new BigDecimal(size));
                if (left.signum() > 0) {
                    order[1] = left.toPlainString();
                } else {
                    orders.remove(id);
                }
            } else {
                final String side = random.nextBoolean() ? "bid" : "ask";
                final String price = Integer.toString(random.nextInt(5) + 1);
                send("{'s':'A','id':" + id + ",'price':" + price + ",'left':" + size + ",'side':'" + side + "'}");
                orders.put(id, new String[] {side + " " + price, size});
            }
            final Map<String, BigDecimal> sums = new TreeMap<>();
            orders.values().forEach(each -> sums.merge(each[0], new BigDecimal(each[1]), BigDecimal::add));
            assertThat(book.keySet()).as("seed %d", seed).isEqualTo(sums.keySet());
            sums.forEach((level, sum) -> assertThat(new BigDecimal(book.get(level))).isEqualByComparingTo(sum));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "levels = \"$\", level = [p, q], side = side, orders = set; book.orders: need id: the column that identifies an order",
        "levels = \"$\", level = [p, q], side = side, id = i, orders = add; book.orders: must be one of set, reduce, got add",
        "levels = \"$\", level = [p, q], bid-level = [p, q], side = s; book.level: is for both sides, and bid-level or ask-level is set",
        "levels = \"$\", bid-level = [p, q], ask-level = [p, q], side = sign; book.side: cannot be sign with bid-level and ask-level",
        "levels = \"$\", bid-level = [p, q], side = s; book.ask-level: must name the columns of price and size",
        "bids = \"$/b\", asks = \"$/a\", bid-level = [p, \"q | upper\"], ask-level = [p, q]; book.bid-level: must be a pointer without filters"})
    void shouldRefuseMistakes(final String written, final String message) {
        assertThatThrownBy(() -> begin(SNAPSHOT + written + " } }")).hasMessageContaining(message);
    }

    private void begin(final String rules) {
        venue = VenueReader.read(new StringReader(FILE.formatted(rules)), "v.conf", name -> null);
        books = new FeedBooks(venue);
    }

    private void send(final String... frames) {
        for (final String frame : frames) {
            final byte[] bytes = frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            venue.onText(bytes, 0, bytes.length, 0, new OnlyUpdates() {
                @Override
                public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset,
                        final int symbolLength, final long timeUs, final UpdateSlice slices) {
                    note(slices);
                }
            });
        }
    }

    private void note(final UpdateSlice slices) {
        books.apply(0, 0, slices, true);
        final LevelBuffer reader = new LevelBuffer().wrap(slices.levels.buffer(), 0, slices.levels.length());
        while (reader.next()) {
            final String level = (reader.side() == LevelBuffer.BID ? "bid " : "ask ")
                + text(slices.levels.buffer(), reader.priceOffset(), reader.priceLength());
            final String size = text(slices.levels.buffer(), reader.sizeOffset(), reader.sizeLength());
            levels.add(slices.kind.name().toLowerCase(Locale.ROOT) + " " + level + "=" + size);
            if (reader.isRemoval()) {
                book.remove(level);
            } else {
                book.put(level, size);
            }
        }
    }

    private static String text(final byte[] bytes, final int offset, final int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8).replace('"', '\'');
    }
}
