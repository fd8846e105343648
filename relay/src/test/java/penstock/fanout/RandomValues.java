package penstock.fanout;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.testkit.ParsedJson;

/** Random updates of one topic, and the value after each. */
final class RandomValues {
    private static final String[] VALUES = {"1.10", "1.1", "2e1", "\"x,}\\\"\"", "[1,{\"a\":2}]", "{\"b\":0}", "true", "null",
        "27777777777777777777777"};
    private static final String[] FIELDS = {"a", "b", "c", "d"};

    /** The value after each update, from q = 1. */
    final List<Object> history;
    /** Of a book: the levels that each update names, whether or not they are others after it. */
    final List<Set<String>> touched = new ArrayList<>();
    private final ReferenceChannel channel;
    private final ClassReference reference;
    private final TreeMap<String, String> fields = new TreeMap<>();
    private long number;

    RandomValues(final ReferenceChannel channel) {
        this.channel = channel;
        final boolean isReferenced = channel == ReferenceChannel.TICKER || channel == ReferenceChannel.BOOK;
        reference = isReferenced
            ? ClassReference.of(channel.conflation, channel == ReferenceChannel.BOOK ? 12 : 5) : null;
        history = isReferenced ? reference.history : new ArrayList<>();
    }

    void update(final Random random, final UpdateSlice slices) {
        if (reference != null) {
            reference.update(random, slices);
            if (channel.isBook()) {
                touched.add(prices(slices.levels));
            }
            return;
        }
        final String text = random.nextInt(25) == 0 ? random.nextBoolean() ? "[1,2]" : "\"closed\"" : object(random);
        final byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
        slices.set(bytes, 0, bytes.length, 1, bytes.length - 2);
        slices.kind = UpdateKind.FULL;
        slices.levels = null;
        history.add(ParsedJson.parse(text));
    }

    private static Set<String> prices(final LevelBuffer levels) {
        final Set<String> prices = new HashSet<>();
        final LevelBuffer reader = new LevelBuffer().wrap(levels.buffer(), 0, levels.length());
        while (reader.next()) {
            final String price =
                new String(reader.buffer(), reader.priceOffset(), reader.priceLength(), StandardCharsets.UTF_8);
            prices.add(ReferenceView.level(reader.side(), new BigDecimal(ParsedJson.bare(price))));
        }
        return prices;
    }

    private String object(final Random random) {
        if (channel.isEventChannel()) {
            fields.clear();
        }
        for (final String name : FIELDS) {
            switch (random.nextInt(channel.isEventChannel() ? 2 : 8)) {
                case 0 -> fields.put(name, VALUES[random.nextInt(VALUES.length)]);
                case 2 -> fields.remove(name);
                default -> { }
            }
        }
        final StringBuilder text = new StringBuilder("{");
        fields.forEach((name, value) -> text.append(text.length() > 1 ? "," : "").append('"').append(name).append("\":")
            .append(value));
        if (channel.isEventChannel()) {
            text.append(text.length() > 1 ? "," : "").append("\"n\":").append(number++);
        }
        return text.append('}').toString();
    }

    /** Names that a subscriber may want, one of them never there. */
    static List<String> names(final ReferenceChannel channel) {
        return channel == ReferenceChannel.TICKER ? List.of("f\u00fc{0", "f\u00fc{1", "f\u00fc{2", "f\u00fc{3", "none")
            : List.of("a", "b", "c", "d", "none");
    }
}
