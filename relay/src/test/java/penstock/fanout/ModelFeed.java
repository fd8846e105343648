package penstock.fanout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;

/** The feed's side of the model: publishes numbered values and remembers every one. */
final class ModelFeed {
    private final TickPublisher publisher;
    private final Map<String, Integer> topics = new HashMap<>();
    private final Map<String, TopicState> states = new HashMap<>();
    private final Map<String, List<String>> history = new HashMap<>();
    private final List<String> symbolByNumber = new ArrayList<>();
    private final List<Long> qByNumber = new ArrayList<>();
    private final UpdateSlice slices = new UpdateSlice();
    private final ToIntFunction<String> channels;
    private String padding = "";
    private long n;

    ModelFeed(final TickPublisher publisher) {
        this(publisher, symbol -> 0);
    }

    /** {@code channels} tells the channel of a symbol. */
    ModelFeed(final TickPublisher publisher, final ToIntFunction<String> channels) {
        this.publisher = publisher;
        this.channels = channels;
    }

    /** Makes values larger from now on. */
    void pad(final int chars) {
        padding = ",\"x\":\"" + "x".repeat(chars) + "\"";
    }

    void tick(final String symbol, final long nowNs) {
        final int topic = topic(symbol);
        states.put(symbol, TopicState.LIVE);
        final String value = "{\"n\":" + n++ + padding + "}";
        final List<String> values = history.computeIfAbsent(symbol, s -> new ArrayList<>());
        values.add(value);
        symbolByNumber.add(symbol);
        qByNumber.add((long) values.size());
        final byte[] frame = ("[" + value + "]").getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, TickPublisher.NO_TIME, nowNs, slices.set(frame, 0, frame.length, 1, frame.length - 2));
    }

    void state(final String symbol, final TopicState state, final String reason) {
        publisher.topicState(topic(symbol), state, reason, 5);
        states.put(symbol, state);
    }

    /** A topic's own state. */
    TopicState state(final String symbol) {
        return states.getOrDefault(symbol, TopicState.LIVE);
    }

    /** The symbol is gone; its topic's number may belong to another one from now on. */
    void forget(final String symbol) {
        publisher.forgetTopic(topics.remove(symbol));
    }

    /** The feed cannot serve a name of the first channel. */
    void refuse(final String name, final String reason) {
        publisher.refuse(0, name.getBytes(StandardCharsets.UTF_8), reason, 5);
    }

    void state(final FeedState state) {
        publisher.feedState(0, state, "test", 1, -1);
    }

    void flush() {
        publisher.flush();
    }

    boolean isBehind() {
        return publisher.isBehind();
    }

    long position() {
        return publisher.position();
    }

    private int topic(final String symbol) {
        return topics.computeIfAbsent(symbol, s -> {
            final byte[] name = s.getBytes(StandardCharsets.UTF_8);
            return publisher.addTopic(channels.applyAsInt(s), name, 0, name.length);
        });
    }

    /** Symbols with a value or a state. */
    Iterable<String> allSymbols() {
        return topics.keySet();
    }

    /** Symbols with a value. */
    Iterable<String> symbols() {
        return history.keySet();
    }

    long newestQ(final String symbol) {
        return history.getOrDefault(symbol, List.of()).size();
    }

    /** The symbol of the update with that number. */
    String symbol(final int number) {
        return symbolByNumber.get(number);
    }

    /** The sequence of the update with that number. */
    long q(final int number) {
        return qByNumber.get(number);
    }

    String value(final String symbol, final long q) {
        return history.get(symbol).get((int) q - 1);
    }
}
