package penstock.fanout;

import penstock.wire.ContentOptions;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.RecordingSocket;
import penstock.topic.Channel;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;
import penstock.wire.SubscriptionOptions;

/** Limits of a subscription in updates and bytes per second; none of its topics starves. */
class RateLimitTest {
    private static final Pattern ENTRY = Pattern.compile("\\{\"s\":\"([^\"]+)\",\"q\":(\\d+)");
    private static final Pattern POSITION = Pattern.compile("\"p\":(\\d+)");

    private final ShardRig rig = new ShardRig(new SessionLimits(3, 1000, 65_536, 20, 0, 60_000), 4096, 4 << 20,
        List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false)));
    private final RecordingSocket socket = rig.socket();
    private final Session session = rig.open(socket, WebSocketFormat.PLAIN);

    @Test
    void shouldSendNoMoreUpdatesThanAllowed() {
        subscribe("quote", Mode.CONFLATE, 0, 50, 0);
        int sent = 0;
        for (int ms = 0; ms < 4_000; ms += 5) {
            rig.tick("A", "B", "C");
            rig.thread.advanceMs(5);
            sent += entries().size();
        }
        assertThat(sent).as("4 s at 50/s and a bucket of 5").isBetween(190, 205);
    }

    @Test
    void shouldSendABurstThatFitsTheBucket() {
        subscribe("quote", Mode.CONFLATE, 0, 1_000, 0);
        rig.tick("A", "B", "C");
        assertThat(entries()).as("at once").containsExactly("A1", "B1", "C1");
    }

    @Test
    void shouldSendTheTopicsWaitingLongestFirst() {
        subscribe("quote", Mode.CONFLATE, 0, 10, 0);
        rig.tick("A");
        assertThat(entries()).containsExactly("A1");
        rig.tick("B");
        rig.thread.advanceMs(60);
        rig.tick("C");
        rig.tick("B");
        rig.thread.advanceMs(50);
        assertThat(entries()).as("B changed again, but waits since before C").containsExactly("B2");
        rig.tick("B", "A");
        rig.thread.advanceMs(100);
        assertThat(entries()).containsExactly("C1");
    }

    @Test
    void shouldStarveNoTopicWhileOthersChange() {
        subscribe("quote", Mode.CONFLATE, 0, 20, 0);
        rig.tick("quiet");
        rig.thread.advanceMs(200);
        entries();
        final List<String> sent = new ArrayList<>();
        for (int n = 0; n < 1_000; n++) {
            rig.tick("A", "B", "C", "D", "E", "F");
            if (n == 100) {
                rig.tick("quiet");
            }
            if (n == 400) {
                assertThat(sent).as("one second of 20 for seven").contains("quiet2");
            }
            rig.thread.advanceMs(5);
            sent.addAll(entries());
        }
        for (final String symbol : List.of("A", "B", "C", "D", "E", "F")) {
            assertThat(sent.stream().filter(entry -> entry.startsWith(symbol)).count()).as(symbol).isBetween(14L, 20L);
        }
    }

    @Test
    void shouldKeepThePositionLowWhileTopicsWait() {
        subscribe("quote", Mode.CONFLATE, 0, 10, 0);
        rig.tick("A");
        assertThat(positions()).last().isEqualTo(1L);
        rig.tick("B", "C", "D");
        rig.thread.advanceMs(101);
        assertThat(positions()).as("B, while C and D wait since 1").containsExactly(1L);
        rig.tick("A");
        rig.thread.advanceMs(100);
        assertThat(positions()).as("C").containsExactly(1L);
        rig.thread.advanceMs(100);
        assertThat(positions()).as("D; A waits since a later look").last().isEqualTo(4L);
        rig.thread.advanceMs(100);
        assertThat(positions()).last().isEqualTo(5L);
    }

    @Test
    void shouldSendNoMoreBytesThanAllowed() {
        rig.feed.pad(200);
        subscribe("quote", Mode.CONFLATE, 0, 0, 10_000);
        long bytes = 0;
        for (int ms = 0; ms < 4_000; ms += 5) {
            rig.tick("A", "B", "C");
            rig.thread.advanceMs(5);
            bytes += ShardRig.texts(socket).stream().mapToInt(text -> text.length() + 4).sum();
        }
        assertThat(bytes).as("4 s of 10,000 bytes").isBetween(36_000L, 43_000L);
    }

    @Test
    void shouldDelayEventsAndKeepTheirOrder() {
        subscribe("trade", Mode.ALL, -1, 100, 0);
        for (int n = 0; n < 50; n++) {
            rig.tick("T.A", "T.B");
        }
        assertThat(entries().size()).as("what the bucket holds").isEqualTo(10);
        final List<String> sent = new ArrayList<>();
        rig.thread.advanceMs(500);
        sent.addAll(entries());
        assertThat(sent.size()).isBetween(45, 55);
        rig.thread.advanceMs(500);
        sent.addAll(entries());
        assertThat(sent.get(sent.size() - 1)).isEqualTo("T.B50");
        assertThat(sent.stream().filter(entry -> entry.startsWith("T.A")).toList()).hasSize(45).isSortedAccordingTo(
            (a, b) -> Integer.parseInt(a.substring(3)) - Integer.parseInt(b.substring(3)));
    }

    @Test
    void shouldNotLimitImages() {
        for (int n = 0; n < 100; n++) {
            rig.tick("S" + n);
        }
        subscribe("quote", Mode.CONFLATE, 0, 1, 0);
        assertThat(entries()).hasSize(100);
    }

    @Test
    void shouldNotRepeatImagesWhileUpdatesArePending() {
        subscribe("quote", Mode.CONFLATE, 0, 0, 1_000);
        rig.tick("A", "B");
        rig.tick("A", "B");
        subscribe("quote", Mode.CONFLATE, 0, 0, 1_000);
        final List<String> texts = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            rig.thread.advanceMs(100);
            texts.addAll(ShardRig.texts(socket));
        }
        assertThat(texts).as("said once, though it empties the bucket")
            .filteredOn(text -> text.contains("\"last\":true")).hasSize(2);
        assertThat(texts).last().asString().startsWith("{\"type\":\"update\"").contains("\"s\":\"A\"", "\"s\":\"B\"");
    }

    @Test
    void shouldNotChargeUpdatesSentBeforeTheLimit() {
        subscribe("quote", Mode.CONFLATE, 0, 0, 1_000_000);
        for (int n = 0; n < 100; n++) {
            rig.tick("A", "B", "C");
        }
        entries();
        subscribe("quote", Mode.CONFLATE, 0, 20, 1_000_000);
        rig.tick("A");
        rig.thread.advanceMs(100);
        assertThat(entries()).containsExactly("A101");
    }

    @Test
    void shouldRemoveTheLimitOnRequest() {
        subscribe("quote", Mode.CONFLATE, 0, 1, 0);
        rig.tick("A", "B", "C");
        assertThat(entries()).hasSize(1);
        subscribe("quote", Mode.CONFLATE, 0, 0, 0);
        assertThat(entries()).containsExactly("B1", "C1");
        rig.tick("A", "B", "C");
        assertThat(entries()).containsExactly("A2", "B2", "C2");
    }

    private void subscribe(final String channel, final Mode mode, final int intervalMs, final int maxRate,
            final long maxBytes) {
        session.onRequest(new Request.Subscribe("1", "0", channel, ShardRig.patterns("*"), true, null,
            new SubscriptionOptions(mode, intervalMs, null, maxRate, maxBytes, ContentOptions.UNSPECIFIED)));
        rig.thread.run();
    }

    private List<String> entries() {
        final List<String> entries = new ArrayList<>();
        for (final String text : ShardRig.texts(socket)) {
            for (final Matcher matcher = ENTRY.matcher(text); matcher.find();) {
                entries.add(matcher.group(1) + matcher.group(2));
            }
        }
        return entries;
    }

    private List<Long> positions() {
        final List<Long> positions = new ArrayList<>();
        for (final String text : ShardRig.texts(socket)) {
            final Matcher matcher = POSITION.matcher(text);
            if (text.startsWith("{\"type\":\"update\"") && matcher.find()) {
                positions.add(Long.parseLong(matcher.group(1)));
            }
        }
        return positions;
    }
}
