package penstock.client;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import penstock.client.value.JsonWriter;

/**
 * What a user asks for: symbols of one channel in one view, at one interval. The fields are those of a subscribe of the
 * protocol; what is not named is the relay's choice. Immutable: each method returns other terms.
 */
public final class GridTerms {
    private static final int UNSPECIFIED = -1;
    private static final int DEFAULT_INTERVAL_MS = 250;
    private static final String CHANNEL = "channel";
    private static final String MODE = "mode";
    private static final String INTERVAL = "interval";
    private static final String DELTA = "delta";

    private final List<String> symbols;
    /** The view and the limits, each as JSON: grids that have the same share a subscription. */
    private final Map<String, String> terms;
    private final Map<String, String> texts;
    private final int intervalMs;

    private GridTerms(final List<String> symbols, final Map<String, String> terms, final Map<String, String> texts,
            final int intervalMs) {
        this.symbols = symbols;
        this.terms = terms;
        this.texts = texts;
        this.intervalMs = intervalMs;
    }

    /** Names and patterns: {@code *} is any run of characters, {@code \*} a star. */
    public static GridTerms of(final String... symbols) {
        return new GridTerms(List.of(symbols), Map.of(), Map.of(), UNSPECIFIED).symbols(symbols);
    }

    /** Other symbols, each once. */
    public GridTerms symbols(final String... newSymbols) {
        return new GridTerms(List.copyOf(new LinkedHashSet<>(List.of(newSymbols))), terms, texts, intervalMs);
    }

    /** Of one of several feeds. */
    public GridTerms feed(final String name) {
        return text("feed", name);
    }

    /** Of another channel. */
    public GridTerms channel(final String name) {
        return text(CHANNEL, name);
    }

    /** Each update in order instead of the newest one. */
    public GridTerms everyUpdate() {
        return mode("all");
    }

    /**
     * {@code conflate}, {@code all} or {@code once}. Of {@code once} nothing follows the values: their states are those
     * of that moment, and only the loss of the connection changes them.
     */
    public GridTerms mode(final String name) {
        return text(MODE, name);
    }

    /** {@code close} ends the connection when updates were missed; {@code gap}, as by default, counts them. */
    public GridTerms overflow(final String name) {
        return text("overflow", name);
    }

    /** These fields of each value alone. */
    public GridTerms fields(final String... names) {
        return term("fields", JsonWriter.strings(new StringBuilder(), List.of(names)).toString());
    }

    /** The relay sends whole values instead of what changed. */
    public GridTerms wholeValues() {
        return term(DELTA, "false");
    }

    /** The best levels of each side of a book. */
    public GridTerms depth(final int levels) {
        return term("depth", Integer.toString(levels));
    }

    /** At most so much a second. */
    public GridTerms maxRate(final int updates) {
        return term("maxRate", Integer.toString(updates));
    }

    /** At most so much a second. */
    public GridTerms maxBytesPerSecond(final long bytes) {
        return term("maxBytesPerSecond", Long.toString(bytes));
    }

    /** Milliseconds between two updates at least; 250 if none is named. */
    public GridTerms interval(final int ms) {
        final Map<String, String> paced = new LinkedHashMap<>(terms);
        paced.remove(INTERVAL);
        return new GridTerms(symbols, paced, texts, ms);
    }

    /** At the interval that the relay gives to those who name none; {@link PenstockClient#hide} does not change it. */
    public GridTerms intervalOfRelay() {
        return term(INTERVAL, "0");
    }

    /** Names and patterns. */
    public List<String> symbols() {
        return symbols;
    }

    /** With a channel if there is none. */
    GridTerms orChannel(final String name) {
        return terms.containsKey(CHANNEL) ? this : channel(name);
    }

    /** Milliseconds. */
    int intervalMs() {
        if (isPacedByRelay()) {
            return 0;
        }
        return intervalMs == UNSPECIFIED ? isEveryUpdate() ? 0 : DEFAULT_INTERVAL_MS : intervalMs;
    }

    boolean isEveryUpdate() {
        return "all".equals(texts.get(MODE));
    }

    boolean isOnce() {
        return "once".equals(texts.get(MODE));
    }

    /** Newest values, and no limit of rate: grids may share some of their symbols. */
    boolean isDivisible() {
        return !hasPatterns() && "conflate".equals(texts.getOrDefault(MODE, "conflate"))
            && !terms.containsKey("maxRate") && !terms.containsKey("maxBytesPerSecond");
    }

    boolean isPacedByRelay() {
        return terms.containsKey(INTERVAL);
    }

    /** Changes only are wanted. */
    boolean isDelta() {
        return !terms.containsKey(DELTA);
    }

    /** Null for the first one. */
    String feed() {
        return texts.get("feed");
    }

    /** Null for the default. */
    String channel() {
        return texts.get(CHANNEL);
    }

    /** Whether grids with both terms see the same of the same symbols. */
    boolean isSameView(final GridTerms other) {
        return terms.equals(other.terms);
    }

    /** Whether both name the same symbols, in any order. */
    boolean isSameSymbols(final GridTerms other) {
        return new LinkedHashSet<>(symbols).equals(new LinkedHashSet<>(other.symbols));
    }

    boolean hasPatterns() {
        return symbols.stream().anyMatch(symbol -> symbol.indexOf('*') >= 0);
    }

    /** Appends {@code ,"name":value} of each, but for delta and interval, which the subscription decides. */
    void appendTo(final StringBuilder request) {
        terms.forEach((name, json) -> {
            if (!name.equals(DELTA) && !name.equals(INTERVAL)) {
                request.append(",\"").append(name).append("\":").append(json);
            }
        });
    }

    private GridTerms text(final String name, final String value) {
        final Map<String, String> changed = new LinkedHashMap<>(texts);
        changed.put(name, Objects.requireNonNull(value, name));
        final String json = JsonWriter.string(new StringBuilder(), value).toString();
        return new GridTerms(symbols, with(name, json), changed, intervalMs);
    }

    private GridTerms term(final String name, final String json) {
        return new GridTerms(symbols, with(name, json), texts, intervalMs);
    }

    private Map<String, String> with(final String name, final String json) {
        final Map<String, String> changed = new LinkedHashMap<>(terms);
        changed.put(name, json);
        return changed;
    }
}
