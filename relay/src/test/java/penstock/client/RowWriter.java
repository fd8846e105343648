package penstock.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.client.value.JsonWriter;
import penstock.testkit.ParsedJson;

/**
 * Turns updates of a connection into rows, with the announcements that a relay sends before them: situations are
 * written once, as JSON. One thread.
 */
final class RowWriter {
    private static final int MAX_COLUMNS = 31;

    private final Map<Object, Subscription> subscriptions = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    /** What was announced of a subscription. */
    private static final class Subscription {
        final List<String> columns = new ArrayList<>();
        /** Sequence by symbol. */
        final Map<String, Long> topics = new HashMap<>();
    }

    /** The messages for one of JSON: that itself, or rows, and before them what they need to be read. */
    List<String> write(final String text) {
        if (!text.matches("(?s)\\{\"type\":\"(update|snapshot|gap)\".*}")) {
            return List.of(text);
        }
        final Map<?, ?> message;
        try {
            message = ParsedJson.object(ParsedJson.parse(text));
        } catch (final RuntimeException damaged) {
            return List.of(text);
        }
        final Subscription sub = subscriptions.computeIfAbsent(message.get("sub"), none -> new Subscription());
        switch (ParsedJson.bare(message.get("type"))) {
            case "gap" -> sub.topics.clear();
            case "snapshot" -> ParsedJson.list(message.get("data"))
                .forEach(entry -> sub.topics.remove(ParsedJson.bare(ParsedJson.object(entry).get("s"))));
            default -> {
                return update(message, sub);
            }
        }
        return List.of(text);
    }

    private List<String> update(final Map<?, ?> message, final Subscription sub) {
        final int known = sub.columns.size();
        final List<String> announced = new ArrayList<>();
        final StringBuilder rows = new StringBuilder();
        long sum = 0;
        for (final Object each : ParsedJson.list(message.get("data"))) {
            final Map<?, ?> entry = ParsedJson.object(each);
            sum += number(entry.get("q"));
            rows.append(',').append(row(sub, entry, number(message.get("ts")), announced));
        }
        final List<String> messages = new ArrayList<>();
        final String columns = sub.columns.size() == known ? ""
            : JsonWriter.strings(new StringBuilder(",\"columns\":"), sub.columns).toString();
        if (!columns.isEmpty() || !announced.isEmpty()) {
            messages.add("{\"type\":\"rows\",\"sub\":" + message.get("sub") + columns + ",\"topics\":["
                + String.join(",", announced) + "]}");
        }
        messages.add("[" + message.get("sub") + "," + message.get("ts") + "," + message.get("p") + "," + sum + rows
            + "]");
        return messages;
    }

    private String row(final Subscription sub, final Map<?, ?> entry, final long ts, final List<String> announced) {
        final String symbol = ParsedJson.bare(entry.get("s"));
        final long q = number(entry.get("q"));
        final long count = 1 + (entry.containsKey("c") ? number(entry.get("c")) : 0);
        final int number = numbers.computeIfAbsent(symbol, none -> numbers.size());
        final Long before = sub.topics.put(symbol, q);
        if (before == null || before != q - count) {
            announced.add("[" + number + "," + JsonWriter.string(new StringBuilder(), symbol) + "," + (q - count)
                + "]");
        }
        final String age = entry.containsKey("t") ? Long.toString(ts - number(entry.get("t"))) : "null";
        final String state = entry.containsKey("st") ? "," + entry.get("st") : "";
        return "[" + number + "," + count + "," + age + state + "," + value(sub, entry) + "]";
    }

    /** A row, or the whole value where it cannot be one. */
    private static String value(final Subscription sub, final Map<?, ?> entry) {
        final List<?> removed = entry.containsKey("removed") ? ParsedJson.list(entry.get("removed")) : List.of();
        if (entry.get("v") instanceof Map<?, ?> fields) {
            final Set<String> columns = new LinkedHashSet<>(sub.columns);
            fields.keySet().forEach(name -> columns.add((String) name));
            if (columns.size() <= MAX_COLUMNS) {
                sub.columns.clear();
                sub.columns.addAll(columns);
                final StringBuilder row = new StringBuilder();
                int mask = 0;
                int gone = 0;
                for (int i = 0; i < sub.columns.size(); i++) {
                    final String name = sub.columns.get(i);
                    if (fields.containsKey(name)) {
                        mask |= 1 << i;
                        row.append(',').append(json(fields.get(name)));
                    }
                    gone |= removed.contains('"' + name + '"') ? 1 << i : 0;
                }
                return mask + row.toString() + (gone == 0 ? "" : "," + gone);
            }
        }
        return "{\"v\":" + json(entry.get("v")) + (removed.isEmpty() ? "" : ",\"removed\":" + json(removed)) + "}";
    }

    private static String json(final Object value) {
        final StringBuilder out = new StringBuilder();
        if (value instanceof Map<?, ?> object) {
            object.forEach((name, each) -> JsonWriter.string(out.append(out.length() == 0 ? '{' : ','), (String) name)
                .append(':').append(json(each)));
            return object.isEmpty() ? "{}" : out.append('}').toString();
        }
        if (value instanceof List<?> array) {
            array.forEach(each -> out.append(out.length() == 0 ? '[' : ',').append(json(each)));
            return array.isEmpty() ? "[]" : out.append(']').toString();
        }
        final String text = (String) value;
        return text.startsWith("\"") ? JsonWriter.string(out, ParsedJson.bare(text)).toString() : text;
    }

    private static long number(final Object text) {
        return Long.parseLong((String) text);
    }
}
