package penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client of {@code penstock.v1.rows} makes of its messages: the updates of {@code penstock.v1.json}, byte for
 * byte but for the order of the fields of a value. It reads by the grammar of the page, and knows no class of the
 * relay. One per connection; used by one thread.
 */
public final class RowsReader {
    private static final String ANNOUNCEMENT = "{\"type\":\"rows\",\"sub\":";
    private static final String COLUMNS = ",\"columns\":";
    private static final String TOPICS = ",\"topics\":";

    private static final class Topic {
        private final String symbol;
        private long q;

        Topic(final String symbol, final long q) {
            this.symbol = symbol;
            this.q = q;
        }
    }

    private static final class Sub {
        private List<String> columns = List.of();
        private final Map<String, Topic> topics = new HashMap<>();
    }

    private final Map<String, Sub> subs = new HashMap<>();
    private boolean isWelcome;

    /** A message of rows as JSON; any other message as it is. */
    public String read(final String text) {
        if (text.startsWith(ANNOUNCEMENT)) {
            announce(text);
        }
        isWelcome |= text.startsWith("{\"type\":\"welcome\"");
        // payloads of a raw session may begin like that, too
        return isWelcome && text.startsWith("[") ? update(elements(text)) : text;
    }

    private void announce(final String text) {
        int end = end(text, ANNOUNCEMENT.length());
        final Sub sub = subs.computeIfAbsent(text.substring(ANNOUNCEMENT.length(), end), name -> new Sub());
        if (text.startsWith(COLUMNS, end)) {
            final int at = end + COLUMNS.length();
            end = end(text, at);
            final List<String> columns = elements(text.substring(at, end));
            assertThat(columns).hasSizeGreaterThanOrEqualTo(sub.columns.size());
            assertThat(columns.subList(0, sub.columns.size())).as("columns keep their places").isEqualTo(sub.columns);
            sub.columns = columns;
        }
        assertThat(text.startsWith(TOPICS, end)).as(text).isTrue();
        for (final String topic : elements(text.substring(end + TOPICS.length(), text.length() - 1))) {
            final List<String> parts = elements(topic);
            assertThat(parts).hasSize(3);
            sub.topics.put(parts.get(0), new Topic(parts.get(1), Long.parseLong(parts.get(2))));
        }
    }

    private String update(final List<String> message) {
        final Sub sub = subs.get(message.get(0));
        final long ts = Long.parseLong(message.get(1));
        final StringBuilder json = new StringBuilder("{\"type\":\"update\",\"sub\":").append(message.get(0))
            .append(",\"ts\":").append(ts).append(",\"p\":").append(message.get(2)).append(",\"data\":[");
        long sum = 0;
        for (int i = 4; i < message.size(); i++) {
            json.append(i == 4 ? "" : ",");
            sum += entry(sub, elements(message.get(i)), ts, json);
        }
        assertThat(sum).as("the sum of the sequences of " + message).isEqualTo(Long.parseLong(message.get(3)));
        return json.append("]}").toString();
    }

    /** Adds an entry; returns its sequence. */
    private static long entry(final Sub sub, final List<String> parts, final long ts, final StringBuilder json) {
        final Topic topic = sub.topics.get(parts.get(0));
        assertThat(topic).as("topic " + parts.get(0) + " was announced").isNotNull();
        final long count = Long.parseLong(parts.get(1));
        assertThat(count).isPositive();
        topic.q += count;
        json.append("{\"s\":").append(topic.symbol).append(",\"q\":").append(topic.q);
        if (!parts.get(2).equals("null")) {
            json.append(",\"t\":").append(ts - Long.parseLong(parts.get(2)));
        }
        if (count > 1) {
            json.append(",\"c\":").append(count - 1);
        }
        int at = 3;
        if (parts.get(at).startsWith("\"")) {
            assertThat(parts.get(at)).isIn("\"stale\"", "\"closed\"");
            json.append(",\"st\":").append(parts.get(at++));
        }
        if (parts.get(at).startsWith("{")) {
            assertThat(parts).hasSize(at + 1);
            json.append(',').append(parts.get(at).substring(1));
        } else {
            fields(sub, parts.subList(at, parts.size()), json);
        }
        return topic.q;
    }

    private static void fields(final Sub sub, final List<String> row, final StringBuilder json) {
        final int mask = Integer.parseInt(row.get(0));
        int at = 1;
        String separator = "";
        json.append(",\"v\":{");
        for (int column = 0; column < Integer.SIZE - 1; column++) {
            if ((mask & 1 << column) != 0) {
                json.append(separator).append(sub.columns.get(column)).append(':').append(row.get(at++));
                separator = ",";
            }
        }
        json.append('}');
        if (at < row.size()) {
            final List<String> removed = new ArrayList<>();
            for (int column = 0; column < Integer.SIZE - 1; column++) {
                if ((Integer.parseInt(row.get(at)) & 1 << column) != 0) {
                    removed.add(sub.columns.get(column));
                }
            }
            assertThat(removed).isNotEmpty();
            json.append(",\"removed\":[").append(String.join(",", removed)).append(']');
            at++;
        }
        assertThat(row).hasSize(at);
        json.append('}');
    }

    /** The texts of the elements of an array. */
    private static List<String> elements(final String array) {
        final List<String> elements = new ArrayList<>();
        int at = 1;
        while (array.charAt(at) != ']') {
            final int end = end(array, at);
            elements.add(array.substring(at, end));
            at = array.charAt(end) == ',' ? end + 1 : end;
        }
        assertThat(at).as(array).isEqualTo(array.length() - 1);
        return elements;
    }

    /** Where the value at {@code from} ends. */
    private static int end(final String json, final int from) {
        int depth = 0;
        boolean isQuoted = false;
        for (int at = from; at < json.length(); at++) {
            final char c = json.charAt(at);
            if (isQuoted) {
                if (c == '\\') {
                    at++;
                } else if (c == '"') {
                    isQuoted = false;
                }
            } else if (c == '"') {
                isQuoted = true;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                if (depth == 0) {
                    return at;
                }
                depth--;
            } else if (c == ',' && depth == 0) {
                return at;
            }
        }
        throw new IllegalArgumentException(json);
    }
}
