package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.audit.Termination;
import penstock.server.sse.EventStream;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.wire.Mode;

/** Sessions that are sent server-sent events. */
class EventSessionTest {
    private static final Pattern EVENT = Pattern.compile("event: ([a-z]+)\n(?:id: (\\d+-\\d+)\n)?data: (\\{.*\\})");
    private static final Pattern ENTRY =
        Pattern.compile("\"s\":\"([^\"]+)\",\"q\":(\\d+)(?:,\"t\":\\d+)?(?:,\"c\":(\\d+))?");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final ShardRig rig = new ShardRig();
    private final TextSocket socket = new TextSocket();

    @Test
    void shouldBeginWithTheRetryTimeAndTheWelcome() {
        open();
        assertThat(socket.text()).startsWith("retry: 2000\n\nevent: welcome\ndata: {\"type\":\"welcome\",")
            .endsWith("}\n\n");
        final TextSocket second = new TextSocket();
        rig.shard.open(second, new EventStream(), "test");
        rig.thread.run();
        assertThat(second.text()).startsWith("retry: 2769\n\n");
    }

    @Test
    void shouldSetTheEventIdOnlyWhenASnapshotIsComplete() {
        for (int i = 0; i < 1_200; i++) {
            rig.feed.tick("S" + i, rig.thread.nowNs());
        }
        rig.feed.flush();
        rig.thread.run();
        rig.subscribe(open(), "0", 0, "*");
        final List<Matcher> events = events(socket);
        assertThat(events).filteredOn(event -> event.group(1).equals("snapshot")).extracting(event -> event.group(2))
            .containsExactly(null, null, "7-1200");
        rig.tick("S1");
        assertThat(events(socket)).hasSize(1).first()
            .matches(event -> event.group(1).equals("update") && event.group(2).equals("7-1201"));
    }

    @Test
    void shouldSendHeartbeatsButNoPingsAndKeepASilentClient() {
        open();
        events(socket);
        for (int i = 0; i < 600; i++) {
            rig.thread.advanceMs(1_000);
        }
        final List<Matcher> events = events(socket);
        assertThat(events).hasSizeBetween(90, 125)
            .allMatch(event -> event.group(1).equals("heartbeat") && event.group(2) == null);
        assertThat(socket.isClosed()).isFalse();
    }

    @Test
    void shouldDisconnectASocketThatTakesNoByteForAMinute() {
        final Session session = open();
        rig.subscribe(session, "0", 0, "*");
        rig.tick("EURUSD");
        socket.takeOnly(10);
        for (int i = 0; i < 55; i++) {
            rig.tick("EURUSD", "GBPUSD");
            rig.thread.advanceMs(1_000);
        }
        assertThat(socket.isClosed()).isFalse();
        assertThat(session.inspected().queue().unfinished().length).isBetween(1, 400);
        socket.takeOnly(1);
        session.onWritable();
        for (int i = 0; i < 55; i++) {
            rig.thread.advanceMs(1_000);
        }
        assertThat(socket.isClosed()).isFalse();
        for (int i = 0; i < 8; i++) {
            rig.thread.advanceMs(1_000);
        }
        assertThat(socket.isClosed()).isTrue();
        assertThat(rig.shard.sessionCount()).isZero();
    }

    @Test
    void shouldFinishTheEventBeforeClosingAndWaitTwoSeconds() {
        final Session session = open();
        rig.subscribe(session, "0", 0, "*");
        socket.takeOnly(20);
        rig.tick("EURUSD");
        session.close(Termination.DRAINED);
        rig.thread.run();
        assertThat(socket.isClosed()).isFalse();
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        final List<Matcher> events = events(socket);
        assertThat(events.get(events.size() - 2).group(1)).isEqualTo("update");
        assertThat(events.get(events.size() - 1).group(3))
            .contains("\"notice\",\"level\":\"info\",\"text\":\"closed: 4503 ");
        assertThat(socket.isClosed()).isTrue();

        final TextSocket stuck = new TextSocket();
        stuck.takeOnly(5);
        final Session hopeless = rig.shard.open(stuck, new EventStream(), "test");
        rig.thread.run();
        hopeless.close(Termination.DRAINED);
        for (int i = 0; i < 3; i++) {
            assertThat(i < 2 && stuck.isClosed()).isFalse();
            rig.thread.advanceMs(1_000);
        }
        assertThat(stuck.isClosed()).isTrue();
    }

    @RepeatedTest(10)
    void shouldKeepEventsAndCountsCompleteWithPartialWrites() {
        final Random random = seeds.random();
        final Session session = open();
        rig.subscribe(session, "0", random.nextInt(3) * 20, "*");
        final Map<String, Long> seen = new HashMap<>();
        for (int step = 0; step < 500; step++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                rig.tick("S" + random.nextInt(20));
            }
            socket.takeOnly(random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(600));
            if (socket.wantsWrites()) {
                session.onWritable();
                rig.thread.run();
            }
            rig.thread.advanceMs(random.nextInt(30));
        }
        // also what an interval still holds back
        socket.takeAll();
        while (socket.wantsWrites()) {
            session.onWritable();
            rig.thread.advanceMs(100);
        }
        rig.thread.advanceMs(100);
        for (final Matcher event : events(socket)) {
            final Matcher entry = ENTRY.matcher(event.group(3));
            while (entry.find()) {
                final long q = Long.parseLong(entry.group(2));
                final long c = entry.group(3) == null ? 0 : Long.parseLong(entry.group(3));
                final Long before = seen.put(entry.group(1), q);
                assertThat(q - (before == null ? 0 : before)).as(event.group()).isEqualTo(c + 1);
            }
        }
        for (final Map.Entry<String, Long> each : seen.entrySet()) {
            assertThat(rig.shard.topics().channel(rig.shard.topics().firstFeed(), null).topic(each.getKey()).q())
                .isEqualTo(each.getValue());
        }
        assertThat(seen).hasSize(20);
    }

    @Test
    void shouldSendEveryUpdateOfModeAllAndGapsWithTheirPositions() {
        final Session session = open();
        session.onRequest(ShardRig.request("0", Mode.ALL, -1, "*"));
        rig.thread.run();
        events(socket);
        rig.tick("A", "A", "B");
        assertThat(events(socket)).hasSize(1).first().matches(event -> event.group(2).equals("7-3")
            && event.group(3).split("\"q\":").length == 4);
        socket.takeOnly(5);
        for (int i = 0; i < 60_000; i++) {
            rig.tick("A", "B");
        }
        socket.takeAll();
        long seen = 0;
        long missed = 0;
        String last = "";
        while (socket.wantsWrites() || !last.equals("7-120003")) {
            session.onWritable();
            rig.thread.advanceMs(1);
            for (final Matcher event : events(socket)) {
                if (event.group(1).equals("gap")) {
                    missed += Long.parseLong(event.group(3).replaceAll(".*\"missed\":(\\d+).*", "$1"));
                }
                seen += event.group(1).equals("update") ? event.group(3).split("\"q\":").length - 1 : 0;
                last = event.group(2) == null ? last : event.group(2);
            }
        }
        assertThat(missed).isPositive();
        assertThat(seen + missed).isEqualTo(120_000);
    }

    private Session open() {
        final Session session = rig.shard.open(socket, new EventStream(), "test");
        rig.thread.run();
        return session;
    }

    /** The events since the last call, each whole. */
    private static List<Matcher> events(final TextSocket socket) {
        final List<Matcher> events = new ArrayList<>();
        final String text = socket.text();
        assertThat(text).endsWith("\n\n");
        for (final String each : text.split("\n\n")) {
            if (!each.startsWith("retry: ")) {
                final Matcher event = EVENT.matcher(each);
                assertThat(event.matches()).as(each).isTrue();
                assertThat(event.group(3)).startsWith("{\"type\":\"" + event.group(1) + "\",");
                events.add(event);
            }
        }
        return events;
    }

    /** Keeps the accepted bytes as text: an event stream has no frames. */
    private static final class TextSocket extends RecordingSocket {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        TextSocket() {
            super(new ManualThread(0), new Random(1));
        }

        private String text() {
            final String text = taken.toString(StandardCharsets.UTF_8);
            taken.reset();
            return text;
        }

        @Override
        protected void take(final byte b) {
            taken.write(b);
        }
    }
}
