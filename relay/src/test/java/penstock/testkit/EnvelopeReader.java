package penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client of {@code penstock.v1.bin} makes of its messages: those of {@code penstock.v1.json}. It reads by the
 * table of the page, and knows no class of the relay. One per connection; used by one thread.
 */
public final class EnvelopeReader {
    private static final int HEADER_BYTES = 8;
    private static final int MAX_NAME = 1_000;
    private static final Pattern ANNOUNCED = Pattern.compile("\\{\"type\":\"topics\",\"sub\":(.*),\"topics\":\\[(.*)]}");
    private static final Pattern TOPIC = Pattern.compile("\\[(\\d+),(\"(?:[^\"\\\\]|\\\\.)*\"),(-?\\d+)]");
    private static final String[] REPLACES = {null, "all", "some", "one"};
    private static final String[] STATES = {null, "stale", "closed"};

    private record Entry(long topic, long q, long t, int state, int flags, String value, String beside) {
    }

    private static final class Topic {
        private final String symbol;
        private long q;

        Topic(final String symbol, final long q) {
            this.symbol = symbol;
            this.q = q;
        }
    }

    /** By subscription and number. */
    private final Map<String, Topic> topics = new HashMap<>();

    /** Reads what a text message announces, if it does. */
    public void readText(final String text) {
        final Matcher announced = ANNOUNCED.matcher(text);
        if (announced.matches()) {
            final Matcher topic = TOPIC.matcher(announced.group(2));
            while (topic.find()) {
                topics.put(announced.group(1) + ' ' + topic.group(1),
                    new Topic(topic.group(2), Long.parseLong(topic.group(3))));
            }
        }
    }

    /** A binary message as JSON. */
    public String read(final byte[] message) {
        final ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        final int block = in.getShort();
        assertThat(new int[] {in.getShort(), in.getShort(), in.getShort()}).as("template, schema, version")
            .containsExactly(1, 7367, 0);
        final long ts = in.getLong();
        final long epoch = in.getLong();
        final long p = in.getLong();
        final int kind = in.get();
        final int replaces = in.get();
        final int flags = in.get();
        in.position(HEADER_BYTES + block);
        final int entryBlock = in.getShort();
        final Entry[] entries = new Entry[in.getShort() & 0xffff];
        for (int i = 0; i < entries.length; i++) {
            final int at = in.position();
            final long[] head = {in.getInt() & 0xffff_ffffL, in.getLong(), in.getLong(), in.getLong(),
                in.getInt() & 0xffff_ffffL, in.get(), in.get()};
            in.position(at + entryBlock);
            entries[i] = new Entry(head[0], head[1], head[3], (int) head[5], (int) head[6],
                bytes(in, in.getInt()), bytes(in, in.getInt()));
        }
        final String sub = bytes(in, in.getShort());
        final String id = bytes(in, in.getShort());
        assertThat(in.remaining()).isZero();
        assertThat(sub.length()).isLessThan(MAX_NAME);
        final StringBuilder json = new StringBuilder("{\"type\":\"").append(kind == 0 ? "update" : "snapshot")
            .append("\",\"sub\":").append(sub).append(",\"ts\":").append(ts);
        if (kind == 1) {
            json.append(",\"epoch\":").append(epoch).append(id.isEmpty() ? "" : ",\"id\":" + id)
                .append(",\"replaces\":\"").append(REPLACES[replaces]).append('"');
        }
        json.append(",\"p\":").append(p).append((flags & 1) != 0 ? ",\"last\":true" : "")
            .append((flags & 2) != 0 ? ",\"resumed\":true" : "").append(",\"data\":[");
        for (int i = 0; i < entries.length; i++) {
            append(json.append(i == 0 ? "" : ","), sub, entries[i], kind == 0);
        }
        return json.append("]}").toString();
    }

    private void append(final StringBuilder json, final String sub, final Entry entry, final boolean isUpdate) {
        final Topic topic = topics.get(sub + ' ' + entry.topic);
        assertThat(topic).as("topic " + entry.topic + " of " + sub + " was announced").isNotNull();
        json.append("{\"s\":").append(topic.symbol).append(",\"q\":").append(entry.q);
        if (entry.t != Long.MIN_VALUE) {
            json.append(",\"t\":").append(entry.t);
        }
        if (isUpdate && entry.q - topic.q != 1) {
            assertThat(entry.q).as("the sequence of " + topic.symbol).isGreaterThan(topic.q);
            json.append(",\"c\":").append(entry.q - topic.q - 1);
        }
        topic.q = entry.q;
        if (entry.state != 0) {
            json.append(",\"st\":\"").append(STATES[entry.state]).append('"');
        }
        assertThat((entry.flags & (2 | 4)) != 0).isEqualTo(!entry.beside.isEmpty());
        json.append(",\"v\":").append(entry.value)
            .append((entry.flags & 2) == 0 ? "" : ",\"removed\":" + entry.beside).append('}');
    }

    private static String bytes(final ByteBuffer in, final int length) {
        final byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
