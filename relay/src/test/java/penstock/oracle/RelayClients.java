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
import java.util.function.IntUnaryOperator;
import penstock.replay.FeedServer;
import penstock.system.WholeRelay;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/**
 * Subscribers of several relays with the same data, which change relays all the time. The checkers of the simulation
 * judge every message. One thread.
 */
final class RelayClients {
    /** Settings of a relay that lets them come so often. */
    static final String MANY_CLIENTS =
        "limits.work-per-second = 10000\nserver.handshakes-per-second-per-address = 1000\n";
    static final Duration LIMIT = Patience.LIMIT.multipliedBy(2);

    final Market market;
    private final Verdict verdict = new Verdict();
    private final List<SocketSubscriber> subscribers = new ArrayList<>();
    private final List<ClientChecker> checkers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    RelayClients(final long seed) {
        market = new Market(seed, 4);
    }

    /** The relay with the connection to the venue, with more settings. */
    static WholeRelay ingest(final Path folder, final FeedServer server, final String settings) throws IOException {
        Files.writeString(folder.resolve("oracle.conf"), VenueFile.text());
        return new WholeRelay(folder, "feed { venue = oracle.conf, url = \"" + server.url("/")
            + "\", symbols = [S0, S1, S2, S3], channels = [quote, stats, book, trade] }\n" + MANY_CLIENTS + settings);
    }

    /** Begins. */
    void start(final List<WholeRelay> relays, final Random random) {
        start(relays, random, true);
    }

    /**
     * Begins.
     *
     * @param hasAllEvents whether every relay has all events. Else those who want them stay at a relay: another one
     *                     counts all that it missed itself
     */
    void start(final List<WholeRelay> relays, final Random random, final boolean hasAllEvents) {
        make(relays, random, hasAllEvents);
        subscribers.forEach(subscriber -> threads.add(new Thread(subscriber)));
        threads.forEach(Thread::start);
    }

    /** One of them loses its connection. */
    void cut(final Random random) throws IOException {
        subscribers.get(random.nextInt(subscribers.size())).cut();
    }

    /** The venue sends nothing any more: all have what there is, and end. */
    void end(final List<WholeRelay> relays) throws IOException, InterruptedException {
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
    }

    /** What was seen, in words. */
    String report() {
        return String.format("%d connections of subscribers lost, %d subscriptions went on at another relay, "
            + "%d updates sent, %d entries received, %d gaps",
            subscribers.stream().mapToInt(each -> each.losses).sum(), moved(),
            market.sent(), checkers.stream().mapToLong(ClientChecker::entries).sum(),
            checkers.stream().mapToLong(ClientChecker::gaps).sum());
    }

    /** Nothing was wrong. */
    void judge() {
        assertThat(verdict.breaches()).isEmpty();
        assertThat(subscribers).extracting(subscriber -> subscriber.failure).containsOnlyNulls();
        assertThat(moved()).as("subscriptions that went on at another relay").isPositive();
    }

    private int moved() {
        return checkers.stream().mapToInt(ClientChecker::resumedElsewhere).sum();
    }

    private void make(final List<WholeRelay> relays, final Random random, final boolean hasAllEvents) {
        final SocketSubscriber.Way[] ways = {SocketSubscriber.Way.WEB_SOCKET, SocketSubscriber.Way.ROWS,
            SocketSubscriber.Way.BINARY};
        for (int i = 0; i < 9; i++) {
            final Random own = Seeds.random(random.nextLong());
            final boolean stays = !hasAllEvents && i % 2 == 1;
            final int home = relays.get(i % relays.size()).port();
            add(ways[i % ways.length], before -> stays ? home : relays.get(own.nextInt(relays.size())).port(), random);
            final MarketChannel channel = MarketChannel.values()[i % 4];
            final ClientChecker checker = checkers.get(i);
            checker.subscribe("all", Terms.all(channel), List.of("*"));
            checker.subscribe("newest", new Terms(MarketChannel.BOOK, false, i * 10, List.of(), false, i % 3),
                List.of("S" + i % 4, "S1*"));
            checker.subscribe("part", new Terms(MarketChannel.STATS, false, 20, List.of("n", "b"), true, 0),
                List.of("*"));
            checker.subscribe("changes", new Terms(MarketChannel.QUOTE, i % 2 == 0, i % 4 * 50, List.of(), true, 0),
                List.of("S*"));
            if (hasAllEvents || stays) {
                checker.subscribe("trades", Terms.all(MarketChannel.TRADE), List.of("S" + i % 4));
            }
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
}
