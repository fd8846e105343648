package penstock.fanout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import penstock.ring.FeedState;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import static org.assertj.core.api.Assertions.assertThat;

/** A random run of the model: one feed, one shard or two that drain the same ring, some clients. */
final class ReferenceRun {
    private static final int STEPS = 60;
    private static final long EPOCH = 7;
    /** How many names of a wide run one request has. */
    private static final int BLOCK = 1_000;

    private final Random random;
    private final int quotes;
    private final List<ManualThread> threads = new ArrayList<>();
    private final List<Shard> shards = new ArrayList<>();
    private final List<ReferenceClient> clients = new ArrayList<>();
    private final Counters counters = new Counters("shard");
    private final Telemetry telemetry = new Telemetry();
    private final ReferenceFeed feed;
    /** How long each shard has not run for. */
    private final long[] lagMs;
    private final boolean[] lags;
    private int names;
    /** What the shards that do not lag have drained, at least. */
    private long drainedP;

    /** A wide run has thousands of quotes, which are asked for in several requests. */
    ReferenceRun(final long seed, final boolean isWide) {
        random = Seeds.random(seed);
        quotes = isWide ? 5 * BLOCK : ReferenceChannel.QUOTE.symbols;
        final TickRing ring = new TickRing(random.nextBoolean() ? 16 : 1024, 1 << 20);
        final int count = 1 + random.nextInt(2);
        lagMs = new long[count];
        final List<ShardProxy> proxies = new ArrayList<>();
        lags = new boolean[count];
        final long journalBytes = random.nextInt(4) == 0 ? 1 << 22 : 1;
        for (int i = 0; i < count; i++) {
            threads.add(new ManualThread(1_000_000_000L));
            shards.add(TestShards.shard(threads.get(i), ring.poller(counters),
                new TopicTable(channels(), EPOCH, 0, journalBytes),
                new SessionTimeouts(5_000_000_000L, 3_600_000_000_000L, 3_600_000_000_000L, 3_600_000_000_000L),
                new SessionLimits(50, 50_000, 65536, 1_000_000, 0, 60_000), counters, telemetry.errors()));
            proxies.add(new ShardProxy(threads.get(i), shards.get(i)));
        }
        final List<Channel> channels = channels();
        feed = new ReferenceFeed(ring.publisher(counters, proxies.stream().<Runnable>map(shard -> shard::wake).toList(),
            channel -> channels.get(channel).newConflator()), ring.poller(counters));
        proxies.forEach(ShardProxy::start);
        feed.state(FeedState.LIVE);
        threads.forEach(ManualThread::run);
    }

    long resumed() {
        return clients.stream().mapToLong(client -> client.resumed).sum();
    }

    long refused() {
        return clients.stream().mapToLong(client -> client.refusedResumes).sum();
    }

    long ended() {
        return clients.stream().mapToLong(client -> client.ended).sum();
    }

    long gaps() {
        return counters.get(Counter.GAPS_SENT);
    }

    void run() {
        for (int i = 0; i < quotes && quotes >= BLOCK; i++) {
            feed.tick(ReferenceChannel.QUOTE.symbol(i), random, threads.get(0).nowNs());
        }
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            clients.add(new ReferenceClient(feed, random));
        }
        for (int step = 1; step <= STEPS; step++) {
            step(clients.get(random.nextInt(clients.size())));
            pass(random.nextInt(3) == 0 ? 0 : 2);
            check();
        }
        end();
    }

    private void step(final ReferenceClient client) {
        if (!client.isConnected()) {
            if (random.nextInt(3) == 0) {
                final int at = random.nextInt(shards.size());
                final RecordingSocket socket = new RecordingSocket(threads.get(at), random);
                client.connect(shards.get(at), socket, random.nextInt(8) == 0 ? EPOCH - 1 : EPOCH);
                return;
            }
        }
        switch (random.nextInt(26)) {
            case 0 -> stall(client);
            case 1, 2 -> clear(client);
            case 3, 4, 5, 6 -> subscribe(client);
            case 7 -> unsubscribe(client);
            case 8 -> {
                if (client.isConnected()) {
                    client.disconnect();
                }
            }
            case 9 -> feed.state(symbol(ReferenceChannel.values()[random.nextInt(4)]),
                TopicState.values()[random.nextInt(3)]);
            case 14 -> {
                feed.state(FeedState.STALE);
                pass(random.nextInt(2));
                if (random.nextBoolean()) {
                    ticks(random.nextInt(4), 4);
                }
                feed.state(FeedState.LIVE);
            }
            case 15 -> feed.state(random.nextInt(3) == 0 ? FeedState.STALE : FeedState.LIVE);
            case 10 -> lags[random.nextInt(lags.length)] ^= lags.length > 1;
            case 11, 12 -> pass(random.nextInt(150));
            case 13 -> ticks(random.nextInt(400), 100);
            default -> ticks(random.nextInt(15), 4);
        }
        if (random.nextInt(3) == 0) {
            clients.forEach(ReferenceClient::writable);
        }
    }

    private void stall(final ReferenceClient client) {
        if (client.isConnected()) {
            if (random.nextBoolean()) {
                client.socket.takeOnly(random.nextInt(2) * random.nextInt(2_000));
            } else {
                client.socket.beFickle();
            }
        }
    }

    private void clear(final ReferenceClient client) {
        if (client.isConnected()) {
            client.socket.takeAll();
            client.writable();
        }
    }

    private void ticks(final int count, final int batch) {
        for (int i = 0; i <= count; i++) {
            feed.tick(symbol(ReferenceChannel.values()[random.nextInt(4)]), random, threads.get(0).nowNs());
            if (random.nextInt(batch) == 0) {
                pass(0);
            }
        }
    }

    /** Time passes for those that do not lag; a shard that lagged catches up later. */
    private void pass(final long ms) {
        feed.flush();
        drainedP = feed.carriedP;
        for (int i = 0; i < threads.size(); i++) {
            lagMs[i] += ms;
            if (!lags[i]) {
                threads.get(i).advanceMs(lagMs[i]);
                lagMs[i] = 0;
            }
        }
        feed.flush();
    }

    private void check() {
        for (final ReferenceClient client : clients) {
            if (client.isConnected()) {
                client.read();
                final int at = shards.indexOf(shards.stream().filter(client::isAt).findFirst().orElseThrow());
                if (client.isClear() && client.isAnswered() && !lags[at] && !feed.isBehind()) {
                    client.checkShown();
                    client.subs.values().forEach(sub -> checkClear(sub, threads.get(at).nowNs()));
                } else {
                    client.subs.values().forEach(sub -> sub.entries.values().forEach(entry -> entry.waitsSinceNs = 0));
                }
            }
        }
    }

    private void checkClear(final ReferenceSubscription sub, final long nowNs) {
        final SubscriptionOptions terms = sub.terms;
        if (terms.intervalMs() == 0 && terms.maxRate() == 0 && terms.maxBytes() == 0 && terms.mode() == Mode.CONFLATE) {
            sub.checkUpTo(drainedP);
        }
        sub.checkWaiting(nowNs);
    }

    private void end() {
        Arrays.fill(lags, false);
        for (int i = 0; i < 8 || feed.isBehind(); i++) {
            pass(5);
        }
        for (final ReferenceClient client : clients) {
            if (!client.isConnected()) {
                client.connect(shards.get(0), new RecordingSocket(threads.get(0), random), EPOCH);
            }
            client.socket.takeAll();
        }
        for (int i = 0; i < 400; i++) {
            clients.forEach(ReferenceClient::writable);
            pass(i < 20 ? 5 : 500);
        }
        for (final ReferenceClient client : clients) {
            client.read();
            assertThat(client.isAnswered()).isTrue();
            assertThat(client.isClear()).isTrue();
            client.checkShown();
            client.subs.values().forEach(ReferenceSubscription::checkEnd);
            client.disconnect();
        }
        assertThat(counters.get(Counter.HANDLER_FAILURES)).isZero();
        assertThat(telemetry.errors().entries()).isEmpty();
    }

    private void subscribe(final ReferenceClient client) {
        if (!client.isConnected()) {
            return;
        }
        final ReferenceChannel channel = ReferenceChannel.values()[random.nextInt(4)];
        if (random.nextInt(8) == 0) {
            client.subscribe(new ReferenceSubscription("once" + names++, channel, feed), symbols(channel),
                terms(channel, Mode.ONCE), true, null);
            return;
        }
        final String name = channel.channel() + random.nextInt(2);
        final ReferenceSubscription running = client.subs.get(name);
        if (running != null && running.asked.isEmpty()) {
            return;
        }
        final ReferenceSubscription sub = running == null ? new ReferenceSubscription(name, channel, feed) : running;
        final Mode mode = channel.isEventChannel() || random.nextInt(3) == 0 ? Mode.ALL : Mode.CONFLATE;
        final SubscriptionOptions terms = running != null && random.nextInt(3) == 0 ? running.askedTerms
            : terms(channel, mode);
        final boolean deepens = running != null && terms.content().depth() != running.askedTerms.content().depth();
        if (running != null && random.nextInt(3) == 0) {
            client.change(running, terms, deepens || random.nextInt(4) > 0);
            return;
        }
        client.subscribe(sub, symbols(channel), terms, deepens || random.nextInt(4) > 0, null);
    }

    private void unsubscribe(final ReferenceClient client) {
        final List<ReferenceSubscription> subs = client.subs.values().stream()
            .filter(sub -> !sub.asked.isEmpty() && !sub.name.startsWith("once")).toList();
        if (client.isConnected() && !subs.isEmpty()) {
            final ReferenceSubscription sub = subs.get(random.nextInt(subs.size()));
            final Set<String> symbols = random.nextInt(3) == 0 ? Set.of() : symbols(sub.channel);
            client.unsubscribe(sub, symbols.containsAll(sub.asked) ? Set.of() : symbols);
        }
    }

    private SubscriptionOptions terms(final ReferenceChannel channel, final Mode mode) {
        final int intervalMs = mode == Mode.CONFLATE ? new int[] {0, 0, 10, 100}[random.nextInt(4)] : -1;
        final int maxRate = random.nextInt(5) == 0 ? 5 + random.nextInt(200) : 0;
        final long maxBytes = random.nextInt(6) == 0 ? 1_000 + random.nextInt(50_000) : 0;
        final Set<String> fields = new TreeSet<>();
        if (!channel.isBook() && random.nextBoolean()) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                fields.add(RandomValues.names(channel).get(random.nextInt(5)));
            }
        }
        final boolean delta = !channel.isEventChannel() && random.nextBoolean();
        final int depth = channel.isBook() && mode != Mode.ALL ? random.nextInt(2) * (1 + random.nextInt(5)) : 0;
        return new SubscriptionOptions(mode, intervalMs, null, maxRate, maxBytes,
            new ContentOptions(List.copyOf(fields), delta, depth));
    }

    private Set<String> symbols(final ReferenceChannel channel) {
        final Set<String> symbols = new TreeSet<>();
        if (count(channel) >= BLOCK) {
            final int from = random.nextInt(count(channel) / BLOCK) * BLOCK;
            for (int i = from; i < from + BLOCK; i++) {
                symbols.add(channel.symbol(i));
            }
            return symbols;
        }
        final boolean all = random.nextInt(3) == 0;
        for (int i = 0; i < channel.symbols; i++) {
            if (all || random.nextInt(3) == 0) {
                symbols.add(channel.symbol(i));
            }
        }
        symbols.add(symbol(channel));
        return symbols;
    }

    private String symbol(final ReferenceChannel channel) {
        return channel.symbol(random.nextInt(count(channel)));
    }

    private int count(final ReferenceChannel channel) {
        return channel == ReferenceChannel.QUOTE ? quotes : channel.symbols;
    }

    private static List<Channel> channels() {
        final List<Channel> channels = new ArrayList<>();
        for (final ReferenceChannel channel : ReferenceChannel.values()) {
            channels.add(new Channel(channel.ordinal(), channel.channel(), channel.conflation, channel.ordinal() == 0));
        }
        return channels;
    }
}
