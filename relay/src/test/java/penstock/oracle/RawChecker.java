package penstock.oracle;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import penstock.testkit.ParsedJson;

/** Judges the payloads that one raw session is sent. One thread. */
final class RawChecker {
    private final Market market;
    private final MarketChannel channel;
    private final boolean isWhole;
    private final List<String> asked;
    private final Predicate<MarketTopic> mayBeSeen;
    private final Verdict verdict;
    private final Map<String, Long> newest = new TreeMap<>();
    /** Symbols that something came of on this connection. */
    private final Set<String> begun = new TreeSet<>();
    private long payloads;

    /** A session of every symbol, in mode {@code all}, of a client that may see all and reads all. */
    RawChecker(final Market market, final MarketChannel channel, final Verdict verdict) {
        this(market, channel, true, List.of("*"), topic -> true, verdict);
    }

    /** A session of these names and patterns; {@code mayBeSeen}: the client's rights. Updates may be left out. */
    RawChecker(final Market market, final MarketChannel channel, final List<String> asked,
            final Predicate<MarketTopic> mayBeSeen, final Verdict verdict) {
        this(market, channel, false, asked, mayBeSeen, verdict);
    }

    private RawChecker(final Market market, final MarketChannel channel, final boolean isWhole,
            final List<String> asked, final Predicate<MarketTopic> mayBeSeen, final Verdict verdict) {
        this.market = market;
        this.channel = channel;
        this.isWhole = isWhole;
        this.asked = asked;
        this.mayBeSeen = mayBeSeen;
        this.verdict = verdict;
    }

    /** Payloads received. */
    long payloads() {
        return payloads;
    }

    /** What the client may see has changed, perhaps for a moment: what it may see again begins with images. */
    void onRightsChanged() {
        begun.clear();
    }

    /** The connection is lost: the next one begins with images. */
    void onLost() {
        begun.clear();
    }

    void onPayload(final String text) {
        payloads++;
        final Map<?, ?> payload = ParsedJson.object(ParsedJson.parse(text));
        final MarketTopic topic = market.topic(channel, ParsedJson.bare(payload.get("s")));
        final long n = Long.parseLong((String) payload.get("t")) - MarketTopic.BASE_US;
        if (topic == null || n < 1 || n > topic.sent()
            || !text.equals(topic.message(n, false)) && !text.equals(topic.message(n, true))) {
            verdict.breach(Invariant.I1, "raw: " + text);
            return;
        }
        if (!isAllowed(topic)) {
            verdict.breach(Invariant.I8, "raw: asked for " + asked + ": " + text);
        }
        final Long before = newest.get(topic.symbol);
        final boolean isLate = before != null && n < before && topic.mayBeLate(n);
        newest.put(topic.symbol, isLate ? before : n);
        final boolean isImage = begun.add(topic.symbol);
        if (before != null && !isLate && (n < before || n == before && !isImage && !topic.isRepeatable(n))) {
            verdict.breach(Invariant.I2, "raw: update " + n + " after " + before + ": " + text);
        }
        if (isWhole && !isImage && n > before + 1 && topic.isUndisturbed(before, n)) {
            verdict.breach(Invariant.I5, "raw: update " + n + " after " + before + ": " + text);
        }
    }

    /** All is quiet. */
    void checkQuiet() {
        for (int i = 0; i < market.symbols(); i++) {
            final MarketTopic topic = market.topic(channel, i);
            if (isAllowed(topic) && newest.getOrDefault(topic.symbol, 0L) != topic.sent()) {
                verdict.breach(Invariant.I3, "raw: the last of " + topic + " is " + newest.get(topic.symbol) + " of "
                    + topic.sent());
            }
        }
    }

    private boolean isAllowed(final MarketTopic topic) {
        return mayBeSeen.test(topic) && SubscriptionChecker.isAskedFor(topic.symbol, asked);
    }
}
