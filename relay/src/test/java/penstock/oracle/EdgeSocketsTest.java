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
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;
import penstock.system.WholeRelay;
import penstock.testkit.FaultProxy;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/**
 * Relays behind relays, three in a row and two side by side at the end, over real sockets: links are cut, half-open,
 * late and torn to single bytes, the venue is lost, and subscribers change relays all the time. The checkers of the
 * simulation judge every message; at the end all relays have the same bytes.
 */
@Tag("slow")
@Tag("gate")
class EdgeSocketsTest {
    private static final String MANY_CLIENTS =
        "limits.work-per-second = 10000\nserver.handshakes-per-second-per-address = 1000\n";
    private static final int STEPS = Integer.getInteger("penstock.oracle.steps", 1_200);
    private static final int STEPS_PER_FAULT = 8;
    private static final int STEPS_PER_UPSTREAM_CUT = 150;
    private static final long PAUSE_NS = 10_000_000;
    private static final Duration LIMIT = Patience.LIMIT.multipliedBy(2);

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;

    private final Market market = new Market(seeds.fresh(), 4);
    private final Verdict verdict = new Verdict();
    private final List<SocketSubscriber> subscribers = new ArrayList<>();
    private final List<ClientChecker> checkers = new ArrayList<>();
    private final List<FaultProxy> links = new ArrayList<>();
    private int faults;

    @Test
    void shouldBreakNoInvariantAfterThreeHopsWhileLinksAreCutAndSubscribersChangeRelays() throws Exception {
        final Random random = seeds.random();
        final MarketScript venue = new MarketScript(market, Seeds.random(random.nextLong()));
        try (FeedServer server = FeedServer.start(0, venue); WholeRelay ingest = ingest(server);
                WholeRelay middle = behind(ingest, random); WholeRelay left = behind(middle, random);
                WholeRelay right = behind(middle, random)) {
            final List<WholeRelay> relays = List.of(ingest, middle, left, right);
            for (final WholeRelay relay : relays) {
                await("live").atMost(LIMIT).until(relay::isReady);
            }
            make(relays, random);
            final List<Thread> threads = subscribers.stream().map(Thread::new).toList();
            threads.forEach(Thread::start);
            for (int i = 1; i <= STEPS; i++) {
                LockSupport.parkNanos(PAUSE_NS);
                if (random.nextInt(3) == 0) {
                    subscribers.get(random.nextInt(subscribers.size())).cut();
                }
                if (i % STEPS_PER_FAULT == 0) {
                    fault(links.get(random.nextInt(links.size())), random);
                }
                if (i % STEPS_PER_UPSTREAM_CUT == 0) {
                    server.dropConnections();
                }
            }
            for (final FaultProxy link : links) {
                link.up.clear();
                link.down.clear();
            }
            await("the last connection of the relay").atMost(LIMIT).until(() -> server.clientCount() == 1);
            LockSupport.parkNanos(100 * PAUSE_NS);
            venue.isSending = false;
            awaitSame(relays);
            synchronized (market) {
                subscribers.forEach(SocketSubscriber::checkQuiet);
            }
            for (final SocketSubscriber subscriber : subscribers) {
                subscriber.end();
            }
            for (final Thread thread : threads) {
                thread.join(LIMIT.toMillis());
            }
        } finally {
            for (final FaultProxy link : links) {
                link.close();
            }
        }
        System.out.printf("seed %d: %d faults of links, %d connections of subscribers lost, %d of the venue, %d "
            + "subscriptions went on at another relay, %d updates sent, %d entries received, %d gaps%n", seeds.fresh(),
            faults, subscribers.stream().mapToInt(each -> each.losses).sum(), venue.losses, moved(), market.sent(),
            checkers.stream().mapToLong(ClientChecker::entries).sum(),
            checkers.stream().mapToLong(ClientChecker::gaps).sum());
        assertThat(verdict.breaches()).isEmpty();
        assertThat(subscribers).extracting(subscriber -> subscriber.failure).containsOnlyNulls();
        assertThat(moved()).as("subscriptions that went on at another relay").isPositive();
    }

    private int moved() {
        return checkers.stream().mapToInt(ClientChecker::resumedElsewhere).sum();
    }

    /** Resets, ends, silence without an end, single bytes, delays; some of them heal by themselves, with the next. */
    private void fault(final FaultProxy link, final Random random) throws IOException {
        faults++;
        link.up.clear();
        link.down.clear();
        switch (random.nextInt(7)) {
            case 0 -> link.reset();
            case 1 -> link.finish();
            case 2 -> link.down.isStalled = true;
            case 3 -> link.up.isStalled = true;
            case 4 -> link.down.slice = 1 + random.nextInt(3);
            case 5 -> {
                link.down.delayMs = random.nextInt(50);
                link.down.jitterMs = random.nextInt(50);
            }
            default -> {
                link.down.slice = 100;
                link.down.bytesPerSecond = 50_000 + random.nextInt(100_000);
                link.up.delayMs = random.nextInt(100);
            }
        }
    }

    private void make(final List<WholeRelay> relays, final Random random) {
        final SocketSubscriber.Way[] ways = {SocketSubscriber.Way.WEB_SOCKET, SocketSubscriber.Way.ROWS,
            SocketSubscriber.Way.BINARY};
        for (int i = 0; i < 9; i++) {
            final Random own = Seeds.random(random.nextLong());
            add(ways[i % ways.length], before -> relays.get(own.nextInt(relays.size())).port(), random);
            final MarketChannel channel = MarketChannel.values()[i % 4];
            final ClientChecker checker = checkers.get(i);
            checker.subscribe("all", Terms.all(channel), List.of("*"));
            checker.subscribe("newest", new Terms(MarketChannel.BOOK, false, i * 10, List.of(), false, i % 3),
                List.of("S" + i % 4, "S1*"));
            checker.subscribe("part", new Terms(MarketChannel.STATS, false, 20, List.of("n", "b"), true, 0),
                List.of("*"));
            checker.subscribe("changes", new Terms(MarketChannel.QUOTE, i % 2 == 0, i % 4 * 50, List.of(), true, 0),
                List.of("S*"));
            checker.subscribe("trades", Terms.all(MarketChannel.TRADE), List.of("S" + i % 4));
            checker.onLost();
        }
        // without a position to resume from they stay where they are
        final int last = relays.get(relays.size() - 1).port();
        add(SocketSubscriber.Way.EVENTS, before -> last, random);
        add(SocketSubscriber.Way.RAW, before -> last, random);
    }

    private void add(final SocketSubscriber.Way way, final IntUnaryOperator ports, final Random random) {
        final ClientChecker checker = new ClientChecker(way + " " + checkers.size(), market, topic -> true, verdict);
        checkers.add(checker);
        subscribers.add(new SocketSubscriber(way, ports, market, checker, new RawChecker(market, MarketChannel.QUOTE,
            List.of("*"), topic -> true, verdict), Seeds.random(random.nextLong())));
    }

    /** All relays have the same values of every channel, and nothing comes any more. */
    private void awaitSame(final List<WholeRelay> relays) {
        await("the same values").atMost(LIMIT).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            for (final WholeRelay relay : relays) {
                assertThat(relay.isReady()).isTrue();
                assertThat(values(relay)).isEqualTo(values(relays.get(0)));
            }
        });
        final long[] seen = {-1};
        await("quiet").atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> {
            final long before = seen[0];
            synchronized (market) {
                seen[0] = checkers.stream().mapToLong(ClientChecker::entries).sum();
                return before == seen[0] && checkers.stream().allMatch(ClientChecker::isAnswered);
            }
        });
    }

    private static String values(final WholeRelay relay) throws IOException, InterruptedException {
        final StringBuilder all = new StringBuilder();
        for (final MarketChannel channel : MarketChannel.values()) {
            // the order is that of the first update here
            all.append(relay.get("/v1/snapshot?channel=" + channel.word() + "&symbols=S0,S1,S2,S3").body());
        }
        return all.toString();
    }

    private WholeRelay ingest(final FeedServer server) throws IOException {
        Files.writeString(folder.resolve("oracle.conf"), VenueFile.text());
        return new WholeRelay(folder, "feed { venue = oracle.conf, url = \"" + server.url("/")
            + "\", symbols = [S0, S1, S2, S3], channels = [quote, stats, book, trade] }\n" + MANY_CLIENTS);
    }

    private WholeRelay behind(final WholeRelay other, final Random random) throws IOException {
        final FaultProxy link = new FaultProxy(other.port(), Seeds.random(random.nextLong()));
        links.add(link);
        return WholeRelay.behind(folder, link.port(), MANY_CLIENTS);
    }
}
