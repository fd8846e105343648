package penstock.warmup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import penstock.audit.AuditLog;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardMetrics;
import penstock.fanout.ShardProxy;
import penstock.identity.AccessControl;
import penstock.identity.Authenticator;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.key.ClientKey;
import penstock.memory.MemoryShare;
import penstock.ring.ConflationClass;
import penstock.ring.FeedState;
import penstock.ring.LevelBuffer;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.server.IoThread;
import penstock.server.RelayServer;
import penstock.telemetry.Counters;
import penstock.telemetry.ShardLatencies;
import penstock.telemetry.Telemetry;
import penstock.topic.Channel;
import penstock.topic.TopicTable;

/**
 * A server with one io thread, and a channel of each class. What it counts is in anonymous memory.
 *
 * <p>Owned by the warm-up thread.
 */
final class WarmUpServer implements AutoCloseable {
    private static final String CONFIG = """
        feed { venue = demo, url = "ws://127.0.0.1:1/" }
        server { host = "127.0.0.1", port = 0, io-threads = 1, max-sessions = 8 }
        admin.enabled = false
        limits.work-per-second = 1000000000
        products { warm-up { symbols = ["*"] } }
        """;
    /** Of the default channel. More would cost CPU while the relay starts, and load no further class. */
    private static final int TOPICS = 200;
    /** Of each other channel. */
    private static final int FEW = 50;
    private static final byte[] VALUE =
        "{\"bid\":\"1.10342\",\"ask\":\"1.10344\"}".getBytes(StandardCharsets.US_ASCII);
    /** Of the price of the bid, with its quotes; the size is the same. */
    private static final int BID = 7;
    private static final int ASK = 23;
    private static final int PRICE_BYTES = 9;
    private static final long SECOND_NS = 1_000_000_000;
    private static final long HOUR_MS = 3_600_000;

    private final List<Channel> channels;
    private final XnioWorker worker;
    private final Telemetry telemetry = new Telemetry();
    private final TickPublisher publisher;
    private final RelayServer server;
    private final UpdateSlice update = new UpdateSlice();
    private final LevelBuffer levels = new LevelBuffer();

    /** Listens on a free port of loopback; {@code isAuthenticated}: clients have to show a token, any. */
    WarmUpServer(final Consumer<RelayServer> endpoints, final boolean isAuthenticated) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("warm-up", CONFIG, List.of());
        final MemoryShare memory = MemoryShare.unlimited();
        channels = List.of(ConflationClass.values()).stream().map(each -> new Channel(each.ordinal(), each.spelling(),
            each.spelling(), each == ConflationClass.LAST_VALUE, memory)).toList();
        worker = Xnio.getInstance().createWorker(OptionMap.builder()
            .set(Options.WORKER_NAME, "warm-up")
            .set(Options.WORKER_IO_THREADS, 1)
            .set(Options.WORKER_TASK_CORE_THREADS, 1)
            .set(Options.WORKER_TASK_MAX_THREADS, 1)
            .set(Options.THREAD_DAEMON, true).getMap());
        try {
            final XnioIoThread thread = worker.getIoThread();
            final IoThread ioThread = new IoThread(thread, telemetry.errors());
            final TickRing ring = new TickRing(1024, 1 << 18);
            final Counters counters = telemetry.counters("fanout-0");
            final Shard shard = new Shard(ioThread, ring.poller(counters), new TopicTable(channels, 1, 1),
                new SessionSettings("", 0,
                    new SessionTimeouts(SECOND_NS, SECOND_NS, 60 * SECOND_NS, 60 * SECOND_NS),
                    RelayServer.limits(config)),
                new ShardMetrics(counters, telemetry.errors(), new ShardLatencies(), memory,
                    new AuditLog(line -> { }, 1, 0, System::nanoTime), null));
            final AccessControl access = isAuthenticated ? anyToken(config) : AccessControl.OFF;
            shard.authenticate(access);
            final ShardProxy proxy = new ShardProxy(ioThread, shard);
            publisher = ring.publisher(telemetry.counters("feed"), List.of(proxy::wake),
                channel -> channels.get(channel).newConflator());
            server = new RelayServer(config, worker, Map.of(thread, shard), telemetry);
            server.authenticate(access, config.auth().onExcess());
            endpoints.accept(server);
            proxy.start();
            server.start();
        } catch (final RuntimeException e) {
            worker.shutdownNow();
            throw e;
        }
        publisher.feedState(0, FeedState.LIVE, null, 1, -1);
    }

    /** As for a token that another thread verifies, of a client whose products and time are limited. */
    private static AccessControl anyToken(final RelayConfig config) {
        final Principal client = new Principal("warm-up", config.products().keySet(), 0,
            System.currentTimeMillis() + HOUR_MS, "warm-up");
        return new AccessControl("keys", new Authenticator() {
            @Override
            public Principal authenticate(final String token) {
                return client;
            }

            @Override
            public CompletableFuture<Principal> verify(final String token) {
                // an io thread looks keys and tokens up by their hashes
                ClientKey.hash(token);
                return CompletableFuture.supplyAsync(() -> client);
            }
        }, new Products(config.products()), Clock.systemUTC());
    }

    int port() {
        return server.port();
    }

    /** Publishes an update of each topic. */
    void publish() {
        for (int i = 0; i < TOPICS; i++) {
            final byte[] symbol = ("W" + i).getBytes(StandardCharsets.US_ASCII);
            for (final Channel channel : channels) {
                if (channel.isDefault() || i < FEW) {
                    publisher.publish(publisher.addTopic(channel.index(), symbol, 0, symbol.length),
                        TickPublisher.NO_TIME, System.nanoTime(), channel.isBook() ? book() : value());
                }
            }
            publisher.flush();
        }
        while (publisher.isBehind()) {
            Thread.onSpinWait();
            publisher.flush();
        }
    }

    @Override
    public void close() {
        server.stop();
        worker.shutdownNow();
        telemetry.close();
    }

    private UpdateSlice value() {
        return update.set(VALUE, 0, VALUE.length, 0, VALUE.length);
    }

    private UpdateSlice book() {
        levels.clear();
        levels.add(LevelBuffer.BID, VALUE, BID, PRICE_BYTES, VALUE, BID, PRICE_BYTES);
        levels.add(LevelBuffer.ASK, VALUE, ASK, PRICE_BYTES, VALUE, ASK, PRICE_BYTES);
        update.set(VALUE, 0, VALUE.length, 0, VALUE.length);
        update.kind = UpdateKind.SNAPSHOT;
        update.levels = levels;
        return update;
    }
}
