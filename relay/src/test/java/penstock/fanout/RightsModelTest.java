package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.TickRing;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.ParsedJson;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/**
 * Clients of all channels, modes and views, whose rights change at random while values change and sockets stall: each
 * value that a client is sent is that of its sequence, the ledger is exact, and in the end it has the newest of all
 * that it may see and nothing else. {@code -Dpenstock.model.rights=N} runs more rounds.
 */
class RightsModelTest {
    private static final int ROUNDS = Integer.getInteger("penstock.model.rights", 40);
    private static final int STEPS = 80;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldKeepValuesAndLedgerExactWhileRightsChange() {
        int denied = 0;
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Round round = new Round(seed);
            round.run();
            denied += round.denied;
        }
        assertThat(denied).isGreaterThan(ROUNDS);
    }

    private static final class Round {
        private final Random random;
        private final ManualThread thread = new ManualThread(1_000_000_000L);
        private final Telemetry telemetry = new Telemetry();
        private final List<Channel> channels = new ArrayList<>();
        private final Shard shard;
        private final ReferenceFeed feed;
        private final ModelClients clients;
        private final RecordingSocket socket;
        private final Session session;
        private final Map<String, SubscriptionOptions> terms = new HashMap<>();
        private final Map<String, ReferenceEntry> entries = new HashMap<>();
        /** Symbols that the client may see. */
        private final Set<String> permitted = new TreeSet<>();
        /** Or could see since the frame began of which the socket has taken a part. */
        private final Set<String> before = new HashSet<>();
        private int denied;

        Round(final long seed) {
            random = Seeds.random(seed);
            for (final ReferenceChannel channel : ReferenceChannel.values()) {
                channels.add(new Channel(channel.ordinal(), channel.channel(), channel.conflation, channels.isEmpty()));
            }
            final Counters counters = new Counters("fanout-0");
            final TickRing ring = new TickRing(1 << 10, 1 << 20);
            shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(channels, 7, 0, 1 << 22),
                new SessionTimeouts(3_600_000_000_000L, 3_600_000_000_000L, 3_600_000_000_000L, 3_600_000_000_000L),
                new SessionLimits(9, 1_000, 65_536, 10_000, 0, 60_000), counters, telemetry.errors());
            final ShardProxy proxy = new ShardProxy(thread, shard);
            feed = new ReferenceFeed(ring.publisher(counters, List.of(proxy::wake),
                channel -> channels.get(channel).newConflator()), ring.poller(counters));
            clients = new ModelClients(thread, shard,
                symbols().stream().map(symbol -> symbol + "=" + symbol).toArray(String[]::new));
            proxy.start();
            draw();
            socket = new RecordingSocket(thread, random);
            session = shard.open(socket, WebSocketFormat.PLAIN, "test",
                clients.client("c", permitted.toArray(String[]::new)), "test");
        }

        void run() {
            for (final ReferenceChannel channel : ReferenceChannel.values()) {
                subscribe(channel);
            }
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> grant();
                    case 1 -> socket.takeOnly(random.nextInt(2_000));
                    case 2, 3 -> socket.takeAll();
                    default -> tick(random.nextInt(30));
                }
                pass(random.nextInt(30));
            }
            socket.takeAll();
            for (int i = 0; i < 5; i++) {
                pass(200);
            }
            check();
        }

        private static List<String> symbols() {
            final List<String> symbols = new ArrayList<>();
            for (final ReferenceChannel channel : ReferenceChannel.values()) {
                for (int i = 0; i < channel.symbols; i++) {
                    symbols.add(channel.symbol(i));
                }
            }
            return symbols;
        }

        private void draw() {
            permitted.clear();
            symbols().stream().filter(symbol -> random.nextBoolean()).forEach(permitted::add);
        }

        private void subscribe(final ReferenceChannel channel) {
            final boolean isAll = channel.isEventChannel() || random.nextInt(3) == 0;
            final List<String> fields = channel.isBook() || random.nextBoolean() ? List.of()
                : RandomValues.names(channel).subList(0, 1 + random.nextInt(3));
            final SubscriptionOptions options = new SubscriptionOptions(isAll ? Mode.ALL : Mode.CONFLATE,
                isAll ? -1 : random.nextInt(2) * 50, null, random.nextInt(4) == 0 ? 200 : 0, 0,
                new ContentOptions(fields, !channel.isEventChannel() && random.nextBoolean(),
                    channel.isBook() && !isAll ? random.nextInt(2) * 3 : 0));
            terms.put(channel.channel(), options);
            final List<String> asked = random.nextBoolean() ? List.of("*")
                : symbols().stream().filter(symbol -> ReferenceChannel.of(symbol) == channel).toList();
            session.onRequest(new Request.Subscribe("1", channel.channel(), channel.channel(),
                ShardRig.patterns(asked.toArray(String[]::new)), true, null, options));
            pass(1);
        }

        private void tick(final int count) {
            final List<String> symbols = symbols();
            for (int i = 0; i < count; i++) {
                feed.tick(symbols.get(random.nextInt(symbols.size())), random, thread.nowNs());
            }
        }

        private void grant() {
            read();
            if (socket.partOfFrame() > 0) {
                before.addAll(permitted);
            }
            draw();
            clients.grant("c", permitted);
        }

        private void pass(final long ms) {
            feed.flush();
            thread.advanceMs(ms);
            for (int i = 0; i < 20 && socket.wantsWrites() && !socket.isStalled(); i++) {
                session.onWritable();
            }
            thread.run();
            read();
        }

        private void read() {
            for (final RecordingSocket.Frame frame : socket.takeFrames()) {
                try {
                    read(ParsedJson.object(ParsedJson.parse(frame.text())));
                } catch (final AssertionError | RuntimeException e) {
                    throw new AssertionError(e.getMessage() + "\n by " + frame.text(), e);
                }
                before.clear();
            }
        }

        private void read(final Map<?, ?> message) {
            final String type = ParsedJson.bare(message.get("type"));
            if (type.equals("status") && "\"denied\"".equals(message.get("state"))) {
                for (final Object symbol : ParsedJson.list(message.get("symbols"))) {
                    entries.remove(ParsedJson.bare(symbol));
                    denied++;
                }
            } else if (type.equals("snapshot") || type.equals("update")) {
                for (final Object each : ParsedJson.list(message.get("data"))) {
                    entry(ParsedJson.object(each), type.equals("snapshot"));
                }
            } else {
                assertThat(type).isIn("welcome", "ack", "status");
            }
        }

        private void entry(final Map<?, ?> sent, final boolean isImage) {
            final String symbol = ParsedJson.bare(sent.get("s"));
            assertThat(permitted.contains(symbol) || before.contains(symbol)).as(symbol + " is permitted").isTrue();
            final ReferenceEntry entry = entries.computeIfAbsent(symbol, s -> new ReferenceEntry(feed.topic(s)));
            final long q = Long.parseLong((String) sent.get("q"));
            if (isImage) {
                assertThat(q).isGreaterThanOrEqualTo(entry.q);
                entry.image(q, sent.get("v"), view(symbol));
                return;
            }
            final long c = sent.containsKey("c") ? Long.parseLong((String) sent.get("c")) : 0;
            assertThat(q - entry.q).as("ledger of " + symbol).isEqualTo(c + 1);
            entry.update(q, sent.get("v"),
                sent.containsKey("removed") ? ParsedJson.list(sent.get("removed")) : List.of(), view(symbol));
        }

        private ReferenceView view(final String symbol) {
            final ReferenceChannel channel = ReferenceChannel.of(symbol);
            return ReferenceView.of(terms.get(channel.channel()), channel);
        }

        private void check() {
            for (final String symbol : symbols()) {
                final ReferenceTopic topic = feed.topic(symbol);
                if (topic != null && permitted.contains(symbol)) {
                    final boolean isNewest = entries.containsKey(symbol) && (entries.get(symbol).q == topic.newestQ()
                        || entries.get(symbol).shows(topic.newestQ(), view(symbol)));
                    assertThat(isNewest || view(symbol).isEventChannel() && !view(symbol).isFull())
                        .as(symbol + " is the newest").isTrue();
                } else {
                    assertThat(entries).doesNotContainKey(symbol);
                }
            }
            assertThat(shard.sessionCount()).isEqualTo(1);
            assertThat(telemetry.errors().entries()).isEmpty();
        }
    }
}
