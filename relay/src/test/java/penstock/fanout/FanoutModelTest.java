package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.audit.Termination;
import penstock.ring.FeedState;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.server.raw.RawFormat;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/**
 * Topic and fan-out against a model, over random sequences of ticks, requests, stalls, partial writes, disconnects and
 * time: leading edge at once, trailing edge always, at most one flush per interval, ledger exact, at most one
 * unfinished frame per session. {@code -Dpenstock.model.sequences=N} runs more of them.
 */
@Tag("slow")
class FanoutModelTest {
    private static final int SEQUENCES = Integer.getInteger("penstock.model.sequences", 1_000);
    private static final String[] SYMBOLS = {"EURUSD", "EURGBP", "GBPUSD", "USDJPY", "XAUUSD", "BTCUSD", "ETHUSD"};
    private static final int[] INTERVALS_MS = {0, 0, 5, 20, 100};
    /**
     * A few sequences have thousands of symbols, so that snapshots and updates need several frames and writes.
     */
    private static final int WIDE_EVERY = 1_000;
    private static final int WIDE_SYMBOLS = 2_500;
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldSendEverySubscriberTheNewestValueAtItsInterval() {
        for (final long seed : seeds.rounds(SEQUENCES)) {
            new Sequence(seed).run();
        }
    }

    private static final class Sequence {
        private final Random random;
        private final ManualThread thread = new ManualThread(1_000_000_000L);
        private final Counters counters = new Counters("shard");
        private final WebSocketFormats formats = new WebSocketFormats(counters);
        private final Telemetry telemetry = new Telemetry();
        private final ModelFeed feed;
        private final Shard shard;
        private final List<ModelClient> clients = new ArrayList<>();
        private final List<RawModelClient> rawClients = new ArrayList<>();
        private final Map<ModelClient, Integer> asked = new HashMap<>();
        private final boolean isWide;
        private int onces;
        private final Map<ModelClient, Map<String, Long>> intervals = new HashMap<>();
        private final Map<ModelClient, Map<String, Set<String>>> held = new HashMap<>();
        private final Map<ModelClient, Map<String, List<Object[]>>> rules = new HashMap<>();

        Sequence(final long seed) {
            random = Seeds.random(seed);
            isWide = seed % WIDE_EVERY == 0;
            final TickRing ring = new TickRing(random.nextBoolean() ? 8 : 256, 4096);
            final TopicTable topics = new TopicTable(List.of(new Channel(0, "quote", "last-value", true)), 7, 0);
            shard = TestShards.shard(thread, ring.poller(counters), topics,
                new SessionTimeouts(40_000_000L, 70_000_000L, 60_000_000_000L, 3_600_000_000_000L),
                new SessionLimits(50, 5000, 65536, 1_000_000, 0, 60_000), counters, telemetry.errors());
            feed = new ModelFeed(ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake)));
            new ShardProxy(thread, shard).start();
            thread.run();
        }

        void run() {
            if (isWide) {
                widen();
            }
            open();
            openRaw();
            for (int step = 0; step < 50; step++) {
                step();
                feed.flush();
                thread.run();
                read();
                check();
            }
            sockets().forEach(RecordingSocket::takeAll);
            for (int i = 0; i < 12; i++) {
                catchUp();
                writable();
                thread.advanceMs(50);
            }
            read();
            clients.forEach(this::checkNewest);
            rawClients.forEach(RawModelClient::checkNewest);
            checkCounters();
            assertThat(shard.subscriptionCount()).as("those of mode once have ended")
                .isEqualTo(rawClients.size() + clients.stream().mapToInt(client -> rules.get(client).size()).sum());
            clients.forEach(client -> client.session.onDisconnected(Termination.CLIENT_GONE));
            rawClients.forEach(client -> client.session.onDisconnected(Termination.CLIENT_GONE));
            thread.run();
            assertThat(shard.sessionCount()).isZero();
            assertThat(shard.subscriptionCount()).isZero();
            for (int i = 0; i < shard.topics().size(); i++) {
                assertThat(shard.topics().topic(i).subscribers().isEmpty()).isTrue();
            }
            assertThat(telemetry.errors().entries()).isEmpty();
        }

        private void step() {
            final ModelClient client = clients.get(random.nextInt(clients.size()));
            switch (random.nextInt(26)) {
                case 0, 1, 2 -> subscribe(client);
                case 3 -> unsubscribe(client);
                case 4 -> client.socket.takeOnly(random.nextInt(2) * random.nextInt(400));
                case 5 -> client.socket.beFickle();
                case 6, 7 -> {
                    client.socket.takeAll();
                    writable(client.socket, client.session);
                }
                case 8 -> open();
                case 9 -> {
                    if (clients.size() > 1 && random.nextInt(3) == 0) {
                        clients.remove(client);
                        client.session.onDisconnected(Termination.CLIENT_GONE);
                        assertThat(client.socket.isClosed()).isTrue();
                    }
                }
                case 10 -> feed.state(random.nextBoolean() ? FeedState.LIVE : FeedState.STALE);
                case 11, 12, 13 -> thread.advanceMs(random.nextInt(60));
                case 14 -> once(client);
                case 15 -> ask(client);
                case 16 -> raw();
                case 17, 18 -> {
                    for (int i = random.nextInt(3); i >= 0; i--) {
                        feed.state(symbol(), TopicState.values()[random.nextInt(3)], random.nextBoolean() ? "gap"
                            : "refused");
                    }
                }
                default -> {
                    for (int i = random.nextInt(isWide ? 200 : 12); i >= 0; i--) {
                        feed.tick(symbol(), thread.nowNs());
                    }
                }
            }
            if (random.nextInt(3) == 0) {
                writable();
            }
        }

        private String symbol() {
            return isWide && random.nextBoolean() ? wide(random.nextInt(WIDE_SYMBOLS))
                : SYMBOLS[random.nextInt(SYMBOLS.length)];
        }

        private static String wide(final int i) {
            return "EUR" + "X".repeat(90) + i;
        }

        private void widen() {
            for (int i = 0; i < WIDE_SYMBOLS; i++) {
                feed.tick(wide(i), thread.nowNs());
            }
            catchUp();
        }

        private void catchUp() {
            feed.flush();
            while (feed.isBehind()) {
                thread.run();
                feed.flush();
            }
        }

        /** A stall, a crawl or a recovery of a socket that bare payloads go to; sometimes another such session. */
        private void raw() {
            final RecordingSocket socket = rawClients.get(random.nextInt(rawClients.size())).socket;
            switch (random.nextInt(5)) {
                case 0 -> openRaw();
                case 1 -> socket.takeOnly(random.nextInt(100));
                case 2 -> socket.beFickle();
                default -> socket.takeAll();
            }
        }

        private void openRaw() {
            if (rawClients.size() < 2) {
                final RecordingSocket socket = new RecordingSocket(thread, random);
                final Session session =
                    shard.open(socket, new RawFormat(formats.of(random.nextInt(2) * (8 + random.nextInt(8)))), "test");
                final SymbolPattern pattern = ModelPatterns.draw(random).get(0);
                session.onRequest(
                    new Request.Subscribe(null, "0", null, List.of(pattern), Mode.CONFLATE, random.nextInt(2) * 10,
                    true));
                rawClients.add(new RawModelClient(socket, session, pattern, feed));
            }
        }

        /** Images of what is known, and no more. */
        private void once(final ModelClient client) {
            final String sub = "once" + onces++;
            client.session.onRequest(new Request.Subscribe(null, sub, null, ModelPatterns.draw(random), Mode.ONCE,
                -1, true));
            count(client);
            client.onAck.add(() -> { });
            client.view(sub).snapshotAsked = true;
        }

        /** Checks the control messages. */
        private void ask(final ModelClient client) {
            switch (random.nextInt(4)) {
                case 0 -> client.session.onTextPing();
                case 1 -> client.session.onPing(new byte[] {1, 2, 3}, 0, 3);
                case 2 -> client.session.onRequest(new Request.Ping("7"));
                default -> {
                    client.session.onRequest(new Request.ListSubscriptions("8"));
                    client.onAck.add(() -> { });
                }
            }
            count(client);
        }

        private void count(final ModelClient client) {
            asked.merge(client, 1, Integer::sum);
        }

        private List<RecordingSocket> sockets() {
            final List<RecordingSocket> sockets = new ArrayList<>();
            clients.forEach(client -> sockets.add(client.socket));
            rawClients.forEach(client -> sockets.add(client.socket));
            return sockets;
        }

        private void writable() {
            clients.forEach(client -> writable(client.socket, client.session));
            rawClients.forEach(client -> writable(client.socket, client.session));
        }

        private void open() {
            if (clients.size() < 5) {
                final RecordingSocket socket = new RecordingSocket(thread, random);
                final int windowBits = random.nextInt(2) * (8 + random.nextInt(8));
                final ModelClient client =
                    new ModelClient(socket, shard.open(socket,
                    WebSocketFormats.any(formats.of(windowBits), random), "test"), feed);
                clients.add(client);
                intervals.put(client, new HashMap<>());
                held.put(client, new HashMap<>());
                rules.put(client, new HashMap<>());
            }
        }

        private void subscribe(final ModelClient client) {
            final String sub = "s" + random.nextInt(2);
            final List<SymbolPattern> patterns = ModelPatterns.draw(random);
            final int intervalMs = INTERVALS_MS[random.nextInt(INTERVALS_MS.length)];
            final boolean snapshot = random.nextInt(4) > 0;
            if (!snapshot) {
                patterns.forEach(pattern -> skipImages(client, sub, pattern));
            }
            client.session.onRequest(
                new Request.Subscribe(null, sub, null, patterns, Mode.CONFLATE, intervalMs, snapshot));
            count(client);
            client.onAck.add(() -> { });
            client.view(sub).snapshotAsked |= snapshot;
            intervals.get(client).put(sub, intervalMs * 1_000_000L);
            client.view(sub).settingsChanged = true;
            final List<Object[]> rule = rules.get(client).computeIfAbsent(sub, s -> new ArrayList<>());
            patterns.forEach(pattern -> rule.add(new Object[] {pattern, true}));
        }

        /** What is known, and not held yet, begins to count at what the shard has now. */
        private void skipImages(final ModelClient client, final String sub, final SymbolPattern pattern) {
            for (final Topic topic : shard.topics().channels().get(0).topics()) {
                if (pattern.matches(topic.symbol()) && !isHeld(client, sub, topic.symbol())) {
                    client.view(sub).q.remove(topic.symbol());
                    client.view(sub).baseline.put(topic.symbol(), topic.q());
                }
            }
        }

        private void unsubscribe(final ModelClient client) {
            final String sub = "s" + random.nextInt(2);
            if (!rules.get(client).containsKey(sub)) {
                return;
            }
            final List<SymbolPattern> patterns = random.nextBoolean() ? List.of() : ModelPatterns.draw(random);
            client.session.onRequest(new Request.Unsubscribe(null, sub, patterns));
            count(client);
            client.onAck.add(() -> client.view(sub).notified.keySet().removeIf(symbol -> patterns.isEmpty()
                || patterns.stream().anyMatch(pattern -> pattern.matches(symbol))));
            thread.run();
            client.read(intervals.get(client));
            if (patterns.isEmpty()) {
                rules.get(client).remove(sub);
                final Map<String, TopicState> notified = client.view(sub).notified;
                client.views.remove(sub);
                client.view(sub).notified.putAll(notified); // more notifications may come before the ack
            } else {
                patterns.forEach(pattern -> rules.get(client).get(sub).add(new Object[] {pattern, false}));
                client.view(sub).q.keySet().removeIf(symbol -> !isHeld(client, sub, symbol));
                client.view(sub).baseline.keySet().removeIf(symbol -> !isHeld(client, sub, symbol));
                client.view(sub).settingsChanged = true;
            }
        }

        /** The last request that names a symbol decides. */
        private boolean isHeld(final ModelClient client, final String sub, final String symbol) {
            boolean isHeld = false;
            for (final Object[] rule : rules.get(client).getOrDefault(sub, List.of())) {
                if (((SymbolPattern) rule[0]).matches(symbol)) {
                    isHeld = (boolean) rule[1];
                }
            }
            return isHeld;
        }

        private static void writable(final RecordingSocket socket, final Session session) {
            for (int i = 0; i < 20 && socket.wantsWrites() && !socket.isStalled(); i++) {
                session.onWritable();
            }
        }

        private void read() {
            clients.forEach(client -> client.read(intervals.get(client)));
            rawClients.forEach(RawModelClient::read);
        }

        /**
         * At any moment: a session that is clear, not within its interval and not within a snapshot, which may take
         * several turns, has the newest value, and none has two unfinished frames.
         */
        private void check() {
            for (final ModelClient client : clients) {
                client.checkUnfinished();
                if (!client.socket.wantsWrites() && !feed.isBehind()) {
                    rules.get(client).keySet().forEach(sub -> checkStates(client, sub));
                    rules.get(client).keySet().forEach(sub -> {
                        final ModelClient.View view = client.view(sub);
                        if ((view.snapshotDone || !view.snapshotAsked)
                                && thread.nowNs() - view.flushedNs >= intervals.get(client).get(sub)) {
                            checkNewest(client, sub);
                        }
                    });
                }
            }
        }

        private void checkStates(final ModelClient client, final String sub) {
            for (final String symbol : feed.allSymbols()) {
                if (isHeld(client, sub, symbol)) {
                    client.checkState(sub, symbol);
                }
            }
        }

        private void checkNewest(final ModelClient client) {
            rules.get(client).keySet().forEach(sub -> {
                checkNewest(client, sub);
                checkStates(client, sub);
            });
            assertThat(client.errors).isZero();
            assertThat(client.acks + client.pongs).as("answers").isEqualTo(asked.getOrDefault(client, 0));
            client.views.forEach((sub, view) -> assertThat(view.snapshotDone || !view.snapshotAsked)
                .as(sub + " has its images").isTrue());
        }

        private void checkNewest(final ModelClient client, final String sub) {
            for (final String symbol : feed.symbols()) {
                final ModelClient.View view = client.view(sub);
                final Long q = view.q.containsKey(symbol) ? view.q.get(symbol) : view.baseline.get(symbol);
                if (isHeld(client, sub, symbol)) {
                    assertThat(q).as(sub + " " + symbol + " newest").isEqualTo(feed.newestQ(symbol));
                }
            }
            assertThat(client.view(sub).snapshotDone || !client.view(sub).snapshotAsked).isTrue();
        }

        private void checkCounters() {
            assertThat(counters.get(Counter.HANDLER_FAILURES)).isZero();
            assertThat(counters.get(Counter.SESSIONS_TIMED_OUT)).isZero();
        }
    }
}
