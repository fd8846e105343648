package penstock.oracle;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import penstock.testkit.ParsedJson;

/** Judges the payloads that one raw session is sent. One thread. */
final class RawChecker {
    private final Market market;
    private final MarketChannel channel;
    private final boolean isAll;
    private final Verdict verdict;
    private final Map<String, Long> newest = new TreeMap<>();
    /** Symbols that something came of on this connection. */
    private final Set<String> begun = new TreeSet<>();

    /** A session of every symbol; {@code isAll}: in mode {@code all}. */
    RawChecker(final Market market, final MarketChannel channel, final boolean isAll, final Verdict verdict) {
        this.market = market;
        this.channel = channel;
        this.isAll = isAll;
        this.verdict = verdict;
    }

    /** The connection is lost: the next one begins with images. */
    void onLost() {
        begun.clear();
    }

    void onPayload(final String text) {
        final Map<?, ?> payload = ParsedJson.object(ParsedJson.parse(text));
        final MarketTopic topic = market.topic(channel, ParsedJson.bare(payload.get("s")));
        final long n = Long.parseLong((String) payload.get("t")) - MarketTopic.BASE_US;
        if (topic == null || n < 1 || n > topic.sent()
            || !text.equals(topic.message(n, false)) && !text.equals(topic.message(n, true))) {
            verdict.breach(Invariant.I1, "raw: " + text);
            return;
        }
        final Long before = newest.put(topic.symbol, n);
        final boolean isImage = begun.add(topic.symbol);
        if (before != null && (isImage ? n < before : n <= before)) {
            verdict.breach(Invariant.I2, "raw: update " + n + " after " + before + ": " + text);
        }
        if (isAll && !isImage && n > before + 1 && topic.isUndisturbed(before, n)) {
            verdict.breach(Invariant.I5, "raw: update " + n + " after " + before + ": " + text);
        }
    }

    /** All is quiet. */
    void checkQuiet() {
        for (int i = 0; i < market.symbols(); i++) {
            final MarketTopic topic = market.topic(channel, i);
            if (newest.getOrDefault(topic.symbol, 0L) != topic.sent()) {
                verdict.breach(Invariant.I3, "raw: the last of " + topic + " is " + newest.get(topic.symbol) + " of "
                    + topic.sent());
            }
        }
    }
}
