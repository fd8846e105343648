package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.ManualThread;
import penstock.testkit.ParsedJson;
import penstock.testkit.RecordingSocket;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/**
 * What a careful client on demand does: it has one subscription of quotes and one of trades, by names and patterns,
 * keeps its two numbers of each, and believes what the protocol says and nothing else.
 */
final class DemandClient {
    private static final String[] NAMES = {"A", "B", "C", "D", "X1", "X2"};
    private static final String[] PATTERNS = {"A", "B", "C", "D", "X1", "X2", "*", "A*"};
    private static final String FORGOTTEN = "not_subscribed";

    int resumed;
    private final Shard shard;
    private final ManualThread thread;
    private final DemandFeed feed;
    private final Random random;
    private final View[] views = {new View(), new View()};
    /** What becomes true with the answers to the requests, in their order. */
    private final List<Consumer<Boolean>> onAck = new ArrayList<>();
    private RecordingSocket socket;
    private Session session;

    /** One subscription: of channel 0 or 1. */
    private static final class View {
        /** What was asked for, in order: a name or pattern, and whether it joins. */
        private final Map<String, Boolean> asked = new LinkedHashMap<>();
        private final Map<String, DemandFeed.Value> known = new TreeMap<>();
        private final Map<String, String> states = new HashMap<>();
        private long p;
        private long unexplained;
        /** A request is not answered in full: its symbols are not covered by the position. */
        private boolean isAnswering;

        private void clear() {
            known.clear();
            states.clear();
            unexplained = 0;
        }

        private boolean wants(final String symbol) {
            boolean wants = false;
            for (final Map.Entry<String, Boolean> rule : asked.entrySet()) {
                if (matches(rule.getKey(), symbol)) {
                    wants = rule.getValue();
                }
            }
            return wants;
        }
    }

    DemandClient(final Shard shard, final ManualThread thread, final DemandFeed feed, final Random random) {
        this.shard = shard;
        this.thread = thread;
        this.feed = feed;
        this.random = random;
        connect();
    }

    void subscribe() {
        if (session != null) {
            final int channel = random.nextInt(2);
            final String pattern = PATTERNS[random.nextInt(PATTERNS.length)];
            views[channel].asked.remove(pattern);
            views[channel].asked.put(pattern, true);
            request(channel, List.of(pattern), null);
        }
    }

    void unsubscribe() {
        final int channel = random.nextInt(2);
        if (session == null || views[channel].asked.isEmpty()) {
            return;
        }
        final String pattern = PATTERNS[random.nextInt(PATTERNS.length)];
        views[channel].asked.keySet().removeIf(asked -> !asked.endsWith("*") && matches(pattern, asked));
        views[channel].asked.remove(pattern);
        views[channel].asked.put(pattern, false);
        onAck.add(r -> {
            views[channel].known.keySet().removeIf(symbol -> matches(pattern, symbol));
            views[channel].states.keySet().removeIf(symbol -> matches(pattern, symbol));
        });
        session.onRequest(new Request.Unsubscribe("1", sub(channel), ShardRig.patterns(pattern)));
    }

    void leaveOrReturn() {
        if (session == null) {
            connect();
            return;
        }
        read();
        if (random.nextBoolean()) {
            session.close(Termination.DRAINED);
        }
        session.onDisconnected(Termination.CLIENT_GONE);
        session = null;
        onAck.clear();
    }

    void readSlowly() {
        if (session != null && random.nextBoolean()) {
            socket.takeOnly(random.nextInt(400));
        } else if (session != null) {
            takeAll();
        }
    }

    /** Is connected, and reads everything. */
    void calmDown() {
        if (session == null) {
            connect();
        }
        takeAll();
    }

    void read() {
        for (final RecordingSocket.Frame frame : socket.takeFrames()) {
            if (frame.opcode() == 1) {
                onMessage(ParsedJson.object(ParsedJson.values(frame.text())));
            }
        }
    }

    /** The client has what the feed has, and knows what it cannot have. */
    void check() {
        assertThat(onAck).as("requests without an answer").isEmpty();
        for (int channel = 0; channel < 2; channel++) {
            final View view = views[channel];
            final Map<String, DemandFeed.Value> expected = new TreeMap<>();
            for (final Map.Entry<String, DemandFeed.Life> each : feed.lives.entrySet()) {
                final String symbol = each.getKey().substring(2);
                if (each.getKey().startsWith(channel + "/") && view.wants(symbol) && each.getValue().q > 0) {
                    expected.put(symbol, feed.value((int) each.getValue().newest));
                }
            }
            assertThat(view.known).as("view of %s", view.asked).isEqualTo(expected);
            final Set<String> closed = new TreeSet<>();
            view.states.forEach((symbol, state) -> {
                if (state.equals("closed")) {
                    closed.add(symbol);
                }
            });
            final Set<String> refused = new TreeSet<>();
            for (final String name : NAMES) {
                if (name.startsWith("X") && Boolean.TRUE.equals(view.asked.get(name)) && view.wants(name)) {
                    refused.add(name);
                }
            }
            assertThat(closed).as("names that cannot be served, of %s", view.asked).containsAll(refused);
        }
    }

    /** Asks for the same again, and resumes if it has everything that this covers. */
    private void connect() {
        socket = new RecordingSocket(thread, random);
        session = shard.open(socket, WebSocketFormat.PLAIN, "test");
        for (int channel = 0; channel < 2; channel++) {
            final View view = views[channel];
            final boolean canResume = view.p > 0 && !view.isAnswering && !view.asked.containsValue(false);
            view.isAnswering = false;
            view.asked.values().removeIf(joins -> !joins);
            view.states.clear();
            if (!canResume || view.asked.isEmpty()) {
                view.clear();
            }
            if (!view.asked.isEmpty()) {
                request(channel, List.copyOf(view.asked.keySet()), canResume ? new Resume(7, view.p) : null);
            }
            view.p = canResume ? view.p : 0;
        }
    }

    private void request(final int channel, final List<String> patterns, final Resume resume) {
        views[channel].isAnswering = true;
        onAck.add(isResumed -> {
            if (resume != null && !isResumed) {
                views[channel].clear();
            }
            resumed += isResumed ? 1 : 0;
        });
        session.onRequest(new Request.Subscribe("1", sub(channel), channel == 0 ? "quote" : "trade",
            ShardRig.patterns(patterns.toArray(String[]::new)), true, resume,
            channel == 0 ? SubscriptionOptions.of(Mode.CONFLATE, random.nextInt(3) * 50, null)
            : SubscriptionOptions.UNSPECIFIED));
    }

    private void onMessage(final Map<?, ?> message) {
        final View view = message.get("sub") == null ? null : views[((String) message.get("sub")).charAt(1) - '0'];
        switch ((String) message.get("type")) {
            case "ack" -> onAck.remove(0).accept(Boolean.TRUE.equals(message.get("resumed")));
            case "status" -> onStatus(view, message);
            case "snapshot", "update" -> onData(view, message, message.get("type").equals("snapshot"));
            case "gap" -> {
                view.unexplained += (Long) message.get("missed");
                view.p = (Long) message.get("p");
            }
            default -> assertThat(message.get("type")).isIn("welcome", "heartbeat");
        }
    }

    private void onStatus(final View view, final Map<?, ?> message) {
        if (message.get("scope").equals("feed")) {
            return;
        }
        for (final Object symbol : ParsedJson.list(message.get("symbols"))) {
            if (FORGOTTEN.equals(message.get("reason"))) {
                view.known.remove(symbol);
                view.states.remove(symbol);
            } else {
                view.states.put((String) symbol, (String) message.get("state"));
            }
        }
    }

    private void onData(final View view, final Map<?, ?> message, final boolean isSnapshot) {
        for (final Object each : ParsedJson.list(message.get("data"))) {
            final Map<?, ?> entry = ParsedJson.object(each);
            final String symbol = (String) entry.get("s");
            final long q = (Long) entry.get("q");
            final long c = entry.get("c") == null ? 0 : (Long) entry.get("c");
            final DemandFeed.Value value = feed.value(((Long) entry.get("v")).intValue());
            assertThat(value.symbol().substring(2)).as("the symbol of %s", entry).isEqualTo(symbol);
            assertThat(value.q()).as("the sequence of %s", entry).isEqualTo(q);
            final DemandFeed.Value before = view.known.put(symbol, value);
            if (!isSnapshot) {
                if (before != null) {
                    assertThat(value.generation()).as("the topic of %s after %s", entry, before)
                        .isEqualTo(before.generation());
                }
                final long missed = q - (before == null ? 0 : before.q()) - c - 1;
                assertThat(missed).as("the ledger of %s after %s", entry, before).isBetween(0L, view.unexplained);
                view.unexplained -= missed;
            } else if (before != null) {
                assertThat(value.generation() > before.generation() || q >= before.q()).as("%s after %s", entry, before)
                    .isTrue();
            }
        }
        view.isAnswering &= !isSnapshot || !message.containsKey("last") || !onAck.isEmpty();
        final long p = (Long) message.get("p");
        view.p = p > 0 ? p : view.p;
    }

    private void takeAll() {
        socket.takeAll();
        session.onWritable();
    }

    private static String sub(final int channel) {
        return "s" + channel;
    }

    private static boolean matches(final String pattern, final String symbol) {
        return pattern.equals(symbol) || pattern.equals("*") || pattern.equals("A*") && symbol.startsWith("A");
    }
}
