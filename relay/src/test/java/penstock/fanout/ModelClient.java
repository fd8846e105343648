package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.ring.TopicState;
import penstock.testkit.RecordingSocket;

/**
 * What a careful subscriber would do: reads every frame, keeps its view, checks the ledger and the order, and remembers
 * when each of its subscriptions was last flushed.
 */
final class ModelClient {
    private static final Pattern MESSAGE = Pattern.compile("\\{\"type\":\"([a-z]+)\"(?:,\"sub\":\"([^\"]*)\")?.*");
    private static final Pattern SUB = Pattern.compile("\"sub\":\"([^\"]+)\"");
    private static final Pattern POSITION = Pattern.compile("\"p\":(\\d+)[,}]");
    private static final Pattern ENTRY = Pattern.compile(
        "\\{\"s\":\"([^\"]+)\",\"q\":(\\d+)(?:,\"c\":(\\d+))?(,\"st\":\"(?:stale|closed)\")?,\"v\":(\\{\"n\":\\d+})}");

    private static final Pattern SYMBOL_STATUS =
        Pattern.compile("\\{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"(s\\d)\","
        + "\"symbols\":\\[([^]]+)],\"state\":\"(live|stale|closed)\"(,\"reason\":\"[a-z]+\")?,\"since\":\\d+}");

    /** One subscription as the client sees it. */
    static final class View {
        final Map<String, Long> q = new HashMap<>();
        final Map<String, String> value = new HashMap<>();
        /** Where the count of a symbol begins that was asked for without its image. */
        final Map<String, Long> baseline = new HashMap<>();
        /** States notified; what is not there is live. */
        final Map<String, TopicState> notified = new HashMap<>();
        long flushedNs = Long.MIN_VALUE;
        long position;
        int updates;
        long conflated;
        boolean snapshotAsked;
        boolean snapshotDone;
        /** A request was answered since the last flush: the next may come early. */
        boolean settingsChanged = true;
    }

    final Map<String, View> views = new HashMap<>();
    /** What becomes true for the client with the answers to its requests, which come in their order. */
    final Deque<Runnable> onAck = new ArrayDeque<>();
    final RecordingSocket socket;
    final Session session;
    private final ModelFeed feed;
    String feedState;
    int errors;
    int acks;
    int pongs;

    ModelClient(final RecordingSocket socket, final Session session, final ModelFeed feed) {
        this.socket = socket;
        this.session = session;
        this.feed = feed;
    }

    View view(final String sub) {
        return views.computeIfAbsent(sub, s -> new View());
    }

    void read(final Map<String, Long> intervals) {
        for (final RecordingSocket.Frame frame : socket.takeFrames()) {
            if (frame.opcode() == 1 && !frame.text().equals("pong")) {
                read(frame, intervals);
            } else if (frame.opcode() == 1 || frame.opcode() == 10) {
                pongs++;
            }
        }
    }

    /**
     * Who is clear knows at once what is worth nothing any more, and that it is live again when it has the value that
     * made it so.
     */
    void checkState(final String sub, final String symbol) {
        final View view = view(sub);
        final long q = view.q.getOrDefault(symbol, view.baseline.getOrDefault(symbol, 0L));
        if (feed.state(symbol) != TopicState.LIVE || q == feed.newestQ(symbol)) {
            assertThat(view.notified.getOrDefault(symbol, TopicState.LIVE)).as(sub + " " + symbol + " state")
                .isEqualTo(feed.state(symbol));
        }
    }

    /**
     * What a blocked session keeps is the rest of the frame that its socket took in part, and at most control frames
     * behind it.
     */
    void checkUnfinished() {
        final byte[] rest = session.inspected().queue().unfinished();
        if (socket.missing() >= 0) {
            assertThat(rest.length).isGreaterThanOrEqualTo(socket.missing());
            final String behind =
                new String(rest, socket.missing(), rest.length - socket.missing(), StandardCharsets.UTF_8);
            assertThat(behind).doesNotContain("\"data\":[");
        }
    }

    private void read(final RecordingSocket.Frame frame, final Map<String, Long> intervals) {
        final Matcher message = MESSAGE.matcher(frame.text());
        assertThat(message.matches()).as(frame.text()).isTrue();
        switch (message.group(1)) {
            case "snapshot" -> snapshot(view(message.group(2)), frame);
            case "update" -> update(view(message.group(2)), frame, intervals.getOrDefault(message.group(2), 0L));
            case "status" -> status(frame.text());
            case "error" -> errors++;
            case "ack" -> ack(frame);
            case "pong" -> pongs++;
            default -> assertThat(message.group(1)).isIn("welcome", "heartbeat", "rows", "topics");
        }
    }

    /** Stands in its place among the frames: what comes after it follows the request. */
    private void ack(final RecordingSocket.Frame frame) {
        acks++;
        onAck.remove().run();
        final Matcher sub = SUB.matcher(frame.text());
        if (sub.find() && views.containsKey(sub.group(1))) {
            view(sub.group(1)).settingsChanged = true;
        }
    }

    private void status(final String text) {
        if (text.contains("\"scope\":\"feed\"")) {
            feedState = text.contains("\"state\":\"live\"") ? "live" : "stale";
            return;
        }
        final Matcher status = SYMBOL_STATUS.matcher(text);
        assertThat(status.matches()).as(text).isTrue();
        final TopicState state = TopicState.valueOf(status.group(3).toUpperCase(Locale.ROOT));
        for (final String symbol : status.group(2).replace("\"", "").split(",")) {
            final TopicState before = view(status.group(1)).notified.put(symbol, state);
            assertThat(before == null ? TopicState.LIVE : before).as(symbol + " notified before").isNotEqualTo(state);
        }
    }

    private void snapshot(final View view, final RecordingSocket.Frame frame) {
        entries(view, frame, true);
        view.snapshotDone = frame.text().contains("\"last\":true");
        view.flushedNs = frame.begunNs();
    }

    private void update(final View view, final RecordingSocket.Frame frame, final long intervalNs) {
        if (!view.settingsChanged && view.flushedNs != Long.MIN_VALUE && view.flushedNs != frame.begunNs()) {
            assertThat(frame.begunNs() - view.flushedNs).as("flushes within an interval")
                .isGreaterThanOrEqualTo(intervalNs);
        }
        view.settingsChanged = false;
        view.flushedNs = frame.begunNs();
        entries(view, frame, false);
    }

    private void entries(final View view, final RecordingSocket.Frame frame, final boolean snapshot) {
        final Matcher p = POSITION.matcher(frame.text());
        assertThat(p.find()).isTrue();
        final long position = Long.parseLong(p.group(1));
        assertThat(position).isLessThanOrEqualTo(feed.position());
        if (!snapshot) {
            assertThat(position).isGreaterThanOrEqualTo(view.position);
        }
        view.position = Math.max(position, view.position);
        final Matcher entry = ENTRY.matcher(frame.text());
        int end = frame.text().indexOf("\"data\":[") + 8;
        while (entry.find(end)) {
            assertThat(entry.start()).as(frame.text()).isEqualTo(end);
            entry(view, entry, snapshot);
            end = entry.end();
            if (frame.text().charAt(end) == ',') {
                end++;
            }
        }
        assertThat(frame.text().substring(end)).as(frame.text()).isEqualTo("]}");
    }

    private void entry(final View view, final Matcher entry, final boolean snapshot) {
        final String symbol = entry.group(1);
        final long q = Long.parseLong(entry.group(2));
        final long c = entry.group(3) == null ? 0 : Long.parseLong(entry.group(3));
        final Long baseline = view.baseline.get(symbol);
        if (baseline != null && q <= baseline) {
            return; // on its way since before the symbol was given back and asked for again
        }
        final Long before = view.q.put(symbol, q);
        if (snapshot) {
            assertThat(c).isZero();
            assertThat(q).isGreaterThanOrEqualTo(before == null ? 1 : before);
        } else {
            final Long last = before == null ? baseline : before;
            if (last != null) {
                assertThat(q - last).as("ledger of " + symbol).isEqualTo(c + 1);
            }
            view.updates++;
            view.conflated += c;
        }
        assertThat(entry.group(5)).as(symbol + " q" + q).isEqualTo(feed.value(symbol, q));
        view.value.put(symbol, entry.group(5));
    }
}
