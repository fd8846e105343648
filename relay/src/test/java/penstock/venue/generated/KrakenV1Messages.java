package penstock.venue.generated;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Kraken, version 1: arrays that end with channel and pair; changes of a book have a checksum. */
final class KrakenV1Messages implements GeneratedVenue {
    private static final List<String> PAIRS = List.of("XBT/USD", "SC/EUR");
    /** With three more at most: as many as the checksum covers, so that every lost change shows. */
    private static final int LEVELS = 7;

    private final MessageWriter out;
    private final List<GeneratedBook> books;

    KrakenV1Messages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 8), LEVELS),
            new GeneratedBook(out, new GeneratedBook.Scale(4_300, 6, 8), LEVELS));
    }

    @Override
    public void open() {
        out.say("{'connectionID':17843232920108000001,'event':'systemStatus','status':'online','version':'1.9.6'}");
        for (final String pair : PAIRS) {
            for (final String channel : List.of("ticker", "spread", "trade")) {
                subscribed(channel, pair, "'name':'" + channel + "'");
            }
            subscribed("ohlc-1", pair, "'interval':1,'name':'ohlc'");
            subscribed("book-100", pair, "'depth':100,'name':'book'");
        }
        List.of(5, 15, 60, 240, 1440).forEach(minutes -> sayCandle(0, minutes));
        for (int i = 0; i < PAIRS.size(); i++) {
            say(i, "book-100", "{'as':[%s],'bs':[%s]}", levels(books.get(i).asks()), levels(books.get(i).bids()));
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(PAIRS.size());
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        switch (number % 8) {
            case 0 -> say(i, "ticker", "{'a':['%s',35,'35.728'],'b':['%s',18,'18.184'],'c':['%s','3.71672000'],"
                + "'v':['265.60','720.35'],'t':[640,1353],'l':['63900.0','63800.0'],'h':['64050.0','64100.0'],'o':['63950.0','63990.0']}", ask, bid, bid);
            case 1 -> say(i, "spread", "['%s','%s','%s','1.50000000','0.25000000']", bid, ask, out.seconds());
            case 2 -> say(i, "trade", "[['%s','0.28245396','%s','s','m',''],['%s','%s','%s','s','m','']]", bid,
                out.seconds(), bid, out.random(10_000_000, 8), out.seconds());
            case 3 -> sayCandle(i, 1);
            case 6 -> out.say("{'event':'heartbeat'}");
            default -> sayChange(i);
        }
    }

    @Override
    public void trouble() {
        sayBidsFirst();
        out.say("{'event':'pong','reqid':3}");
        sayCandle(0, 30);
        out.say("{'event':'subscriptionStatus','pair':'SC/EUR','status':'unsubscribed','subscription':{'name':'spread'}}");
        out.say("{'errorMessage':'Currency pair not supported','event':'subscriptionStatus','pair':'NO/PE','status':'error','subscription':{'name':'ticker'}}");
        out.say("{'errorMessage':'Unsupported event','event':'error'}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(PAIRS, books);
    }

    private void sayCandle(final int i, final int minutes) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        say(i, "ohlc-" + minutes, "['%s','%d.000000','%s','%s','%s','%s','%s','12.5',14]", out.seconds(),
            out.us() / 60_000_000 * 60 + 60, bid, ask, bid, ask, bid);
    }

    private void subscribed(final String channel, final String pair, final String subscription) {
        out.say("{'channelID':%d,'channelName':'%s','event':'subscriptionStatus','pair':'%s','status':'subscribed','subscription':{%s}}", id(pair, channel),
            channel, pair, subscription);
    }

    /** Two payloads if both sides changed; the second has the checksum then. */
    private void sayChange(final int i) {
        final List<GeneratedBook.Level> changes = books.get(i).change(3);
        final List<GeneratedBook.Level> asks = changes.stream().filter(level -> !level.isBid()).toList();
        final List<GeneratedBook.Level> bids = changes.stream().filter(GeneratedBook.Level::isBid).toList();
        final String checksum = ",'c':'" + books.get(i).krakenChecksum() + "'}";
        final String both = asks.isEmpty() || bids.isEmpty() ? "" : "{'a':[" + levels(asks) + "]},{'b':[" + levels(bids) + "]" + checksum;
        say(i, "book-100", !both.isEmpty() ? both : bids.isEmpty() ? "{'a':[" + levels(asks) + "]" + checksum
            : "{'b':[" + levels(bids) + "]" + checksum);
    }

    /** The venue promises no order of the two payloads. */
    private void sayBidsFirst() {
        final GeneratedBook book = books.get(0);
        say(0, "book-100", "{'b':[%s]},{'a':[%s],'c':'%d'}", levels(book.bids().subList(0, 1)),
            levels(book.asks().subList(0, 1)), book.krakenChecksum());
    }

    private String levels(final List<GeneratedBook.Level> levels) {
        return levels.stream().map(level -> "['" + level.price() + "','" + level.size() + "','" + out.seconds() + "']")
            .collect(Collectors.joining(","));
    }

    private void say(final int i, final String channel, final String payload, final Object... values) {
        out.say("[" + id(PAIRS.get(i), channel) + "," + payload + ",'" + channel + "','" + PAIRS.get(i) + "']", values);
    }

    private static int id(final String pair, final String channel) {
        return 1_000 + Math.floorMod((pair + channel).hashCode(), 1_000);
    }
}
