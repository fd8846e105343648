package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.TickRing;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/**
 * Mode all against a model, over random sequences of trades and quotes, stalls, partial writes, a full ring, a journal
 * that is overtaken, subscriptions that grow and shrink: after every step each subscriber has every update of its
 * topics in order, or gaps count exactly what it lacks; a conflating subscription of the same session has the newest.
 * {@code -Dpenstock.model.sequences=N} runs more of them.
 */
@Tag("slow")
class JournalModelTest {
    private static final int SEQUENCES = Integer.getInteger("penstock.model.sequences", 1_000) / 2;
    private static final String[] SYMBOLS = {"EUR", "GBP", "USD", "JPY", "T.EUR", "T.GBP", "T.USD", "T.JPY", "T.EURX"};
    private static final String[] PATTERNS = {"*EUR*", "*", "T.*", "EUR", "T.GBP", "T.JPY", "NOSUCH", "*D", "T.EUR*"};
    private static final Pattern POSITION = Pattern.compile("\"p\":(\\d+)[,}]");
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");
    private static final Pattern ENTRY = Pattern.compile(
        "\\{\"s\":\"([^\"]+)\",\"q\":(\\d+)(?:,\"c\":(\\d+))?,\"v\":(\\{\"n\":\\d+(?:,\"x\":\"x*\")?})}");
    private static final Pattern GAP =
        Pattern.compile("\\{\"type\":\"gap\",\"sub\":\"(all|trades|quotes)\",\"p\":(\\d+),\"missed\":(\\d+)(,\"topics\":.*)?}");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldSendEveryUpdateInOrderOrCountMissingUpdates() {
        long gaps = 0;
        long skipped = 0;
        for (final long seed : seeds.rounds(SEQUENCES)) {
            final Sequence sequence = new Sequence(seed);
            sequence.run();
            gaps += sequence.counters.get(Counter.GAPS_SENT);
            skipped += sequence.overtaken;
        }
        assertThat(gaps).as("gaps").isGreaterThan(SEQUENCES / 25);
        assertThat(skipped).as("gaps of readers that were overtaken").isPositive();
    }

    private static final class Sequence {
        private final Random random;
        private final ManualThread thread = new ManualThread(1_000_000_000L);
        private final Counters counters = new Counters("shard");
        private final Telemetry telemetry = new Telemetry();
        private final List<Channel> channels =
            List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false));
        private final ModelFeed feed;
        private final Shard shard;
        private final List<Client> clients = new ArrayList<>();
        private long overtaken;

        Sequence(final long seed) {
            random = Seeds.random(seed);
            final TickRing ring = new TickRing(random.nextBoolean() ? 8 : 256, 1 << 20);
            shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(channels, 7, 0, 1),
                new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 3_600_000_000_000L),
                new SessionLimits(50, 5000, 65536, 1_000_000, 0, 60_000), counters, telemetry.errors());
            feed = new ModelFeed(
                ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake),
                channel -> channels.get(channel).newConflator()),
                symbol -> symbol.startsWith("T.") ? 1 : 0);
            if (seed % 2 == 0) {
                feed.pad(random.nextInt(8_000));
            }
            new ShardProxy(thread, shard).start();
            thread.run();
        }

        void run() {
            clients.add(new Client());
            for (int step = 0; step < 40; step++) {
                step(clients.get(random.nextInt(clients.size())));
                feed.flush();
                thread.advanceMs(2); // what has no room in a write follows 1 ms later
                clients.forEach(Client::read);
                clients.forEach(Client::check);
            }
            clients.forEach(client -> client.socket.takeAll());
            for (int i = 0; i < 12 || feed.isBehind(); i++) {
                feed.flush();
                clients.forEach(Client::writable);
                thread.advanceMs(20);
            }
            clients.forEach(Client::read);
            clients.forEach(Client::check);
            clients.forEach(client -> assertThat(client.socket.wantsWrites()).isFalse());
            clients.forEach(client -> client.session.onDisconnected(Termination.CLIENT_GONE));
            assertThat(counters.get(Counter.HANDLER_FAILURES)).isZero();
            assertThat(telemetry.errors().entries()).isEmpty();
        }

        private void step(final Client client) {
            switch (random.nextInt(17)) {
                case 0, 1, 2, 3 -> client.changeReading(4_000);
                case 4 -> {
                    if (clients.size() < 4) {
                        clients.add(new Client());
                    }
                }
                case 5 -> thread.advanceMs(random.nextInt(40));
                case 6, 7, 8 -> client.subscribe();
                case 9 -> client.unsubscribe();
                default -> {
                    for (int i = random.nextInt(12); i >= 0; i--) {
                        feed.tick(SYMBOLS[random.nextInt(SYMBOLS.length)], thread.nowNs());
                        if (random.nextInt(4) == 0) {
                            feed.flush();
                            thread.run();
                        }
                    }
                }
            }
            if (random.nextInt(3) == 0) {
                clients.forEach(Client::writable);
            }
        }

        private static SymbolPattern pattern(final String text) {
            return ShardRig.patterns(text).get(0);
        }

        /** One subscription as its subscriber sees it. */
        private final class View {
            private final boolean lossless;
            private final int channel;
            private final List<Object[]> rules = new ArrayList<>();
            private final Map<String, Long> q = new TreeMap<>();
            private boolean isLoose;
            private boolean isSnapshotDone;
            private long missed;
            private long newest = -1;
            private long position;

            View(final int channel, final boolean lossless) {
                this.channel = channel;
                this.lossless = lossless;
            }

            boolean holds(final String symbol) {
                boolean holds = false;
                for (final Object[] rule : rules) {
                    holds = ((SymbolPattern) rule[0]).matches(symbol) ? (boolean) rule[1] : holds;
                }
                return holds && symbol.startsWith("T.") == (channel == 1);
            }
        }

        private final class Client extends FitfulSession {
            private final Map<String, View> views = new HashMap<>();
            private final List<Runnable> acks = new ArrayList<>();
            private int unanswered;

            Client() {
                super(shard, thread, random, WebSocketFormats.any(WebSocketFormat.PLAIN, random));
            }

            void subscribe() {
                final String sub = List.of("all", "trades", "quotes").get(random.nextInt(3));
                final View view =
                    views.computeIfAbsent(sub, s -> new View(sub.equals("trades") ? 1 : 0, !sub.equals("quotes")));
                final String pattern = PATTERNS[random.nextInt(PATTERNS.length)];
                final boolean snapshot = random.nextInt(3) > 0;
                final Mode mode = view.lossless ? sub.equals("trades") && random.nextBoolean() ? null : Mode.ALL
                    : Mode.CONFLATE;
                session.onRequest(
                    new Request.Subscribe(null, sub, sub.equals("trades") ? "trade" : "quote",
                    List.of(pattern(pattern)), mode,
                    view.lossless ? -1 : 0, snapshot));
                final Map<String, Long> joined = new HashMap<>();
                for (final String symbol : SYMBOLS) {
                    if (pattern(pattern).matches(symbol) && !view.holds(symbol)) {
                        joined.put(symbol, snapshot ? -1 : storedQ(symbol));
                    }
                }
                view.rules.add(new Object[] {pattern(pattern), true});
                expectAck(() -> {
                    joined.forEach((symbol, q) -> {
                        view.q.remove(symbol);
                        if (q >= 0) {
                            view.q.put(symbol, q);
                        }
                    });
                    view.isSnapshotDone &= !snapshot;
                });
            }

            void unsubscribe() {
                final List<String> subs = List.copyOf(views.keySet());
                if (!subs.isEmpty()) {
                    final View view = views.get(subs.get(random.nextInt(subs.size())));
                    final String pattern = PATTERNS[random.nextInt(PATTERNS.length)];
                    views.forEach((name, each) -> {
                        if (each == view) {
                            session.onRequest(new Request.Unsubscribe(null, name, List.of(pattern(pattern))));
                        }
                    });
                    view.rules.add(new Object[] {pattern(pattern), false});
                    expectAck(() -> {
                        view.q.keySet().removeIf(symbol -> pattern(pattern).matches(symbol));
                        // it is unknown how much of an earlier gap belongs to these
                        view.isLoose |= view.missed > 0;
                    });
                }
            }

            private long storedQ(final String symbol) {
                for (final Channel channel : channels) {
                    if (channel.topic(symbol) != null) {
                        return channel.topic(symbol).q();
                    }
                }
                return 0;
            }

            private void expectAck(final Runnable then) {
                unanswered++;
                acks.add(then);
            }

            void read() {
                for (final RecordingSocket.Frame frame : socket.takeFrames()) {
                    final String text = frame.text();
                    if (text.startsWith("{\"type\":\"ack\"")) {
                        unanswered--;
                        acks.remove(0).run();
                    } else if (text.startsWith("{\"type\":\"gap\"")) {
                        final Matcher gap = GAP.matcher(text);
                        assertThat(gap.matches()).as(text).isTrue();
                        final View view = views.get(gap.group(1));
                        assertThat(view.lossless).isTrue();
                        assertThat(Long.parseLong(gap.group(3))).isPositive();
                        position(view, Long.parseLong(gap.group(2)));
                        view.missed += Long.parseLong(gap.group(3));
                        overtaken += Long.parseLong(gap.group(3)) > 12 ? 1 : 0;
                    } else if (text.contains("\"data\":[")) {
                        data(text);
                    } else {
                        assertThat(text).doesNotContain("\"error\"");
                    }
                }
            }

            private void data(final String text) {
                final boolean isSnapshot = text.startsWith("{\"type\":\"snapshot\"");
                final String sub = text.replaceAll("^.*?\"sub\":\"([a-z]+)\".*$", "$1");
                final View view = views.get(sub);
                final Matcher p = POSITION.matcher(text);
                assertThat(p.find()).isTrue();
                if (!isSnapshot) {
                    position(view, Long.parseLong(p.group(1)));
                }
                view.isSnapshotDone |= text.contains("\"last\":true");
                final Matcher entry = ENTRY.matcher(text);
                int entries = 0;
                while (entry.find()) {
                    entries++;
                    entry(view, entry.group(1), Long.parseLong(entry.group(2)), entry.group(3), entry.group(4),
                        isSnapshot);
                }
                assertThat(entries).isEqualTo(text.split("\\{\"s\":", -1).length - 1);
            }

            private void position(final View view, final long p) {
                assertThat(p).isBetween(view.position, feed.position());
                view.position = p;
            }

            private void entry(final View view, final String symbol, final long q, final String c, final String value,
                               final boolean isSnapshot) {
                assertThat(value).isEqualTo(feed.value(symbol, q));
                final Long before = view.q.put(symbol, q);
                if (isSnapshot) {
                    assertThat(q).isGreaterThanOrEqualTo(before == null ? 1 : before);
                } else if (view.lossless) {
                    assertThat(c).isNull();
                    final long jump = q - (before == null ? 0 : before) - 1;
                    assertThat(jump).as(symbol + " repeated, or out of order: q " + q + " after " + before)
                        .isGreaterThanOrEqualTo(0);
                    view.missed -= jump;
                    assertThat(view.missed).as(symbol + " q" + q + ": updates are missing without a gap")
                        .isGreaterThanOrEqualTo(0);
                    final Matcher n = NUMBER.matcher(value);
                    assertThat(n.find()).isTrue();
                    assertThat(Long.parseLong(n.group(1))).as("order over all topics").isGreaterThan(view.newest);
                    view.newest = Long.parseLong(n.group(1));
                } else {
                    assertThat(q - (before == null ? 0 : before)).isEqualTo(1 + (c == null ? 0 : Long.parseLong(c)));
                }
            }

            /** Who is clear has all that there is, or knows how much it has not. */
            void check() {
                if (socket.wantsWrites() || feed.isBehind()) {
                    return;
                }
                assertThat(unanswered).isZero();
                views.forEach((name, view) -> {
                    long lacking = 0;
                    for (final String symbol : feed.symbols()) {
                        if (view.holds(symbol)) {
                            final long lacks = feed.newestQ(symbol) - view.q.getOrDefault(symbol, 0L);
                            assertThat(view.lossless || lacks == 0).as(name + " newest of " + symbol).isTrue();
                            lacking += lacks;
                        }
                    }
                    assertThat(view.isLoose ? lacking <= view.missed : lacking == view.missed)
                        .as(name + " lacks " + lacking + ", reported " + view.missed).isTrue();
                });
            }
        }
    }
}
