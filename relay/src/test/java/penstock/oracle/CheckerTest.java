package penstock.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The checkers let right histories pass, and find what is wrong in each of these. */
class CheckerTest {
    private static final long MS = 1_000_000;
    private static final String WELCOME = "{\"type\":\"welcome\",\"epoch\":7,\"feed\":{\"state\":\"live\"}}";

    private final Market market = new Market(1, 3);
    private final Verdict verdict = new Verdict();
    private final ClientChecker client =
        new ClientChecker("client", market, topic -> !topic.symbol.equals("S2"), verdict);
    private final MarketTopic quote = market.topic(MarketChannel.QUOTE, 0);
    private final MarketTopic trade = market.topic(MarketChannel.TRADE, 0);
    private final MarketTopic book = market.topic(MarketChannel.BOOK, 0);
    private final MarketTopic stats = market.topic(MarketChannel.STATS, 0);
    private int requests;

    /** Sends updates 1 to 9 of each topic. */
    private void begin() {
        for (int i = 1; i <= 9; i++) {
            market.topics().forEach(topic -> topic.arrive(topic.send(5 * MS), 5 * MS));
        }
        client.onMessage(WELCOME);
    }

    @Test
    void shouldLetARightHistoryPass() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 2, 2));
        update("q", entry(quote, 5, 5, "\"c\":2,"), "");
        update("q", entry(quote, 9, 9, "\"c\":3,"), "");
        subscribe("t", Terms.all(MarketChannel.TRADE));
        snapshot("t", entry(trade, 1, 1));
        client.onMessage("{\"type\":\"gap\",\"sub\":\"t\",\"p\":8,\"missed\":7}");
        update("t", entry(trade, 9, 9), "");
        subscribe("b", Terms.conflated(MarketChannel.BOOK, 0));
        client.onMessage(message("snapshot", "b", "\"replaces\":\"all\",\"last\":true,", bookEntry(9)));
        subscribe("s", Terms.conflated(MarketChannel.STATS, 0));
        snapshot("s", "{\"s\":\"S0\",\"q\":9,\"t\":" + (MarketTopic.BASE_US + 9) + ",\"v\":" + stats.value(9, true)
            + "}");
        client.checkFresh(false, 1_000 * MS, 100 * MS);
        client.checkQuiet();
        assertThat(verdict.breaches()).isEmpty();
    }

    @Test
    void shouldLetAResumePass() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 2, 2));
        client.onLost();
        assertThat(client.comeBack(true)).allMatch(request -> request.contains("\"resume\":{\"epoch\":7,\"p\":1}"));
        client.onMessage(WELCOME);
        ack("q", true);
        client.onMessage(message("snapshot", "q", "\"replaces\":\"some\",\"resumed\":true,\"last\":true,",
            entry(quote, 5, 5)));
        update("q", entry(quote, 9, 9, "\"c\":3,"), "");
        client.checkQuiet();
        assertThat(verdict.breaches()).isEmpty();
    }

    @Test
    void shouldLetMoreEventsBeLateThanCameBeforeThem() {
        begin();
        subscribe("t", Terms.all(MarketChannel.TRADE));
        snapshot("t", entry(trade, 1, 1));
        market.topics().forEach(MarketTopic::mayBeLateAll);
        update("t", entry(trade, 2, 9), "");
        for (int n = 2; n < 9; n++) {
            update("t", entry(trade, n + 1, n), "");
        }
        trade.send(6 * MS);
        update("t", entry(trade, 10, 10), "");
        client.checkQuiet();
        assertThat(verdict.breaches()).isEmpty();
    }

    @Test
    void shouldFindAValueThatWasNeverSent() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 2, 2).replace("\"x\":", "\"x\":1"));
        found(Invariant.I1);
    }

    @Test
    void shouldFindAnUpdateFromTheFuture() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 10, 10));
        found(Invariant.I1);
    }

    @Test
    void shouldFindABookWithALevelTooMany() {
        begin();
        subscribe("b", Terms.conflated(MarketChannel.BOOK, 0));
        client.onMessage(message("snapshot", "b", "\"replaces\":\"all\",\"last\":true,",
            bookEntry(9).replace("\"bids\":[", "\"bids\":[[90.50,7],")));
        found(Invariant.I1);
    }

    @Test
    void shouldFindAMixedValue() {
        begin();
        subscribe("s", Terms.conflated(MarketChannel.STATS, 0));
        snapshot("s", "{\"s\":\"S0\",\"q\":9,\"t\":" + (MarketTopic.BASE_US + 9) + ",\"v\":"
            + stats.value(4, true).replace("\"n\":4", "\"n\":9").replace(stats.crc(4), stats.crc(9)) + "}");
        found(Invariant.I1);
    }

    @Test
    void shouldFindAnUpdateThatComesTwiceOrLate() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 2, 5));
        update("q", entry(quote, 3, 5), "");
        found(Invariant.I2);
    }

    @Test
    void shouldFindThatTheNewestValueIsMissing() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 8, 8));
        client.checkQuiet();
        found(Invariant.I3);
    }

    @Test
    void shouldFindThatATopicIsMissing() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        client.onMessage(message("snapshot", "q", "\"replaces\":\"all\",\"last\":true,", ""));
        client.checkQuiet();
        found(Invariant.I3);
    }

    @Test
    void shouldFindAConflatedUpdateThatWasNotCounted() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 2, 2));
        update("q", entry(quote, 5, 5, "\"c\":1,"), "");
        found(Invariant.I4);
    }

    @Test
    void shouldFindThatTheRelayCountsOtherwiseThanTheVenue() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 2, 2));
        update("q", entry(quote, 4, 5, "\"c\":1,"), "");
        found(Invariant.I4);
    }

    @Test
    void shouldFindAMissingEvent() {
        begin();
        subscribe("t", Terms.all(MarketChannel.TRADE));
        snapshot("t", entry(trade, 1, 1));
        update("t", entry(trade, 3, 3), "");
        found(Invariant.I5);
    }

    @Test
    void shouldFindAGapThatCountsTooMuch() {
        begin();
        subscribe("t", Terms.all(MarketChannel.TRADE));
        snapshot("t", entry(trade, 1, 1));
        client.onMessage("{\"type\":\"gap\",\"sub\":\"t\",\"p\":8,\"missed\":9}");
        update("t", entry(trade, 9, 9), "");
        client.checkQuiet();
        found(Invariant.I5);
    }

    @Test
    void shouldFindAChangeBeforeItsImage() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        update("q", entry(quote, 5, 5), "");
        assertThat(verdict.broken()).contains(Invariant.I6);
    }

    @Test
    void shouldFindAnImageThatIsOlderThanWhatWasSeenBeforeTheReconnect() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 5, 5));
        client.onLost();
        client.comeBack(false);
        client.onMessage(WELCOME);
        ack("q", false);
        snapshot("q", entry(quote, 4, 4));
        found(Invariant.I6);
    }

    @Test
    void shouldFindAnOldValueThatIsShownAsLive() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 5, 5));
        client.checkFresh(false, 1_000 * MS, 100 * MS);
        found(Invariant.I7);
    }

    @Test
    void shouldFindThatASilentVenueIsNotReported() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 9, 9));
        client.checkFresh(true, 1_000 * MS, 100 * MS);
        found(Invariant.I7);
    }

    @Test
    void shouldFindASymbolThatTheClientMayNotSee() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(market.topic(MarketChannel.QUOTE, 2), 9, 9));
        found(Invariant.I8);
    }

    @Test
    void shouldFindASymbolThatWasNotAskedFor() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(market.topic(MarketChannel.QUOTE, 1), 9, 9));
        found(Invariant.I8);
    }

    @Test
    void shouldFindDataBehindTheAnswerToAnUnsubscribe() {
        begin();
        subscribe("q", Terms.conflated(MarketChannel.QUOTE, 0));
        snapshot("q", entry(quote, 8, 8));
        client.unsubscribe("q");
        client.onMessage("{\"type\":\"ack\",\"id\":" + ++requests + ",\"op\":\"unsubscribe\",\"sub\":\"q\"}");
        update("q", entry(quote, 9, 9), "");
        found(Invariant.I8);
    }

    private void found(final Invariant invariant) {
        assertThat(verdict.broken()).as("%s", verdict.breaches()).containsExactly(invariant);
    }

    private void subscribe(final String sub, final Terms terms) {
        assertThat(client.subscribe(sub, terms, List.of("S0", "S2"))).contains("\"sub\":\"" + sub + "\"");
        ack(sub, false);
    }

    private void ack(final String sub, final boolean isResumed) {
        client.onMessage("{\"type\":\"ack\",\"id\":" + ++requests + ",\"op\":\"subscribe\",\"sub\":\"" + sub
            + "\",\"replaces\":\"" + (isResumed ? "some" : "all") + "\",\"resumed\":" + isResumed + "}");
    }

    private void snapshot(final String sub, final String entries) {
        client.onMessage(message("snapshot", sub, "\"replaces\":\"all\",\"last\":true,", entries));
    }

    private void update(final String sub, final String entries, final String more) {
        client.onMessage(message("update", sub, more, entries));
    }

    private static String message(final String type, final String sub, final String more, final String entries) {
        return "{\"type\":\"" + type + "\",\"sub\":\"" + sub + "\"," + more + "\"p\":1,\"data\":[" + entries + "]}";
    }

    private static String entry(final MarketTopic topic, final long q, final long n) {
        return entry(topic, q, n, "");
    }

    private static String entry(final MarketTopic topic, final long q, final long n, final String more) {
        return "{\"s\":\"" + topic.symbol + "\",\"q\":" + q + ",\"t\":" + (MarketTopic.BASE_US + n) + "," + more
            + "\"v\":" + topic.value(n, true) + "}";
    }

    private String bookEntry(final long n) {
        final String text = book.message(n, true);
        return "{\"s\":\"S0\",\"q\":" + n + ",\"t\":" + (MarketTopic.BASE_US + n) + ",\"v\":{"
            + text.substring(text.indexOf("\"bids\"")) + "}";
    }
}
