package penstock.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;
import penstock.system.RelayProcess;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/**
 * The same checkers, over real sockets and a relay in a process of its own: all classes and modes, views, patterns,
 * resumes, raw payloads and server-sent events, while connections are cut on both sides.
 * {@code scripts/simulate --reconnects N} cuts more of them.
 */
@Tag("slow")
@Tag("gate")
class RelaySocketsTest {
    private static final int UPSTREAM_CUTS = Integer.getInteger("penstock.oracle.cuts", 50);
    private static final int CUTS = 10 * UPSTREAM_CUTS;
    private static final int STEPS_PER_UPSTREAM_CUT = 12;
    private static final int MOST_STEPS = 120 * UPSTREAM_CUTS;
    private static final long PAUSE_NS = 10_000_000;
    private static final Duration LIMIT = Patience.LIMIT;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;

    private final Market market = new Market(seeds.fresh(), 4);
    private final Verdict verdict = new Verdict();
    private final List<SocketSubscriber> subscribers = new ArrayList<>();
    private final List<ClientChecker> checkers = new ArrayList<>();

    @Test
    void shouldBreakNoInvariantOverRealSockets() throws Exception {
        final Random random = seeds.random();
        final MarketScript venue = new MarketScript(market, Seeds.random(random.nextLong()));
        try (FeedServer server = FeedServer.start(0, venue); RelayProcess relay = relay(server)) {
            make(relay.port, random);
            final List<Thread> threads = subscribers.stream().map(Thread::new).toList();
            threads.forEach(Thread::start);
            for (int i = 1; lost() < CUTS || venue.losses < UPSTREAM_CUTS; i++) {
                assertThat(i).as("%d and %d connections lost", lost(), venue.losses).isLessThan(MOST_STEPS);
                LockSupport.parkNanos(PAUSE_NS);
                subscribers.get(random.nextInt(subscribers.size())).cut();
                if (i % STEPS_PER_UPSTREAM_CUT == 0) {
                    server.dropConnections();
                }
            }
            await("the last connection of the relay").atMost(LIMIT).until(() -> server.clientCount() == 1);
            awaitQuiet(venue);
            synchronized (market) {
                subscribers.forEach(SocketSubscriber::checkQuiet);
            }
            for (final SocketSubscriber subscriber : subscribers) {
                subscriber.end();
            }
            for (final Thread thread : threads) {
                thread.join(LIMIT.toMillis());
            }
        }
        assertThat(verdict.breaches()).isEmpty();
        System.out.printf("no breach: %d client and %d upstream connections lost, %d updates sent, %d entries "
            + "received%n", lost(), venue.losses, market.sent(),
            checkers.stream().mapToLong(ClientChecker::entries).sum());
        assertThat(subscribers).allMatch(subscriber -> subscriber.failure == null);
    }

    private int lost() {
        return subscribers.stream().mapToInt(subscriber -> subscriber.losses).sum();
    }

    private void make(final int port, final Random random) {
        for (int i = 0; i < 6; i++) {
            add(SocketSubscriber.Way.WEB_SOCKET, port, random);
        }
        add(SocketSubscriber.Way.EVENTS, port, random);
        add(SocketSubscriber.Way.RAW, port, random);
        for (int i = 0; i < 6; i++) {
            final MarketChannel channel = MarketChannel.values()[i % 4];
            checkers.get(i).subscribe("all", Terms.all(channel), List.of("*"));
            checkers.get(i).subscribe("newest", new Terms(MarketChannel.BOOK, false, i * 10, List.of(), false, i % 3),
                List.of("S" + i % 4, "S1*"));
            checkers.get(i).subscribe("part", new Terms(MarketChannel.STATS, false, 20, List.of("n", "b"), true, 0),
                List.of("*"));
            checkers.get(i).subscribe("changes", new Terms(MarketChannel.QUOTE, i % 2 == 0, 0, List.of(), true, 0),
                List.of("S*"));
            checkers.get(i).onLost();
        }
    }

    private void add(final SocketSubscriber.Way way, final int port, final Random random) {
        final ClientChecker checker = new ClientChecker(way + " " + checkers.size(), market, topic -> true, verdict);
        checkers.add(checker);
        subscribers.add(new SocketSubscriber(way, port, market, checker,
            new RawChecker(market, MarketChannel.QUOTE, verdict), Seeds.random(random.nextLong())));
    }

    /** Each topic is sent once more, and then nothing comes any more. */
    private void awaitQuiet(final MarketScript venue) {
        LockSupport.parkNanos(100 * PAUSE_NS);
        venue.isSending = false;
        final long[] seen = {-1};
        await("quiet").atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> {
            final long before = seen[0];
            synchronized (market) {
                seen[0] = checkers.stream().mapToLong(ClientChecker::entries).sum();
            }
            return before == seen[0];
        });
    }

    private RelayProcess relay(final FeedServer server) throws IOException {
        final Path rules = Files.writeString(folder.resolve("oracle.conf"), VenueFile.text());
        final Path config = Files.writeString(folder.resolve("relay.conf"), "feed { venue = \"" + rules + "\", url = \""
            + server.url("/") + "\", symbols = [S0, S1, S2, S3], "
            + "channels = [quote, stats, book, trade] }\n"
            + "limits.work-per-second = 10000\nserver.handshakes-per-second-per-address = 1000\n");
        return RelayProcess.start("run", "-c", config.toString());
    }
}
