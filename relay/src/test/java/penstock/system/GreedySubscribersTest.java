package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;

/** A relay whose subscribers, or feed, make it remember more than it has memory for: they are refused. */
@Tag("slow")
@Tag("gate")
@Tag("alone")
class GreedySubscribersTest {
    private static final String SET = "@@@@@";

    @TempDir
    private static Path folder;
    private static IdleRelay control;

    @BeforeAll
    static void start() throws IOException {
        control = new IdleRelay(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        control.close();
    }

    @Test
    void shouldRefuseSelectionsOfFieldsBeyondItsMemory() throws Exception {
        overload(2_000, 2_000, relay -> {
            int refused = 0;
            for (int session = 0; session < 4; session++) {
                final HostileClient client = relay.session();
                for (int sub = 0; sub < 26; sub++) {
                    final String set = String.format("%04d%04d", session, sub);
                    final String fields = IntStream.range(0, 100)
                        .mapToObj(i -> "\"" + set + String.format("%04d", i) + "f".repeat(110) + "\"")
                        .collect(Collectors.joining(","));
                    final String answer = client.ask("{\"op\":\"subscribe\",\"sub\":\"s" + sub
                        + "\",\"symbols\":[\"*\"],\"fields\":[" + fields + "],\"interval\":60000}");
                    refused += isRefused(answer, "/fields") ? 1 : 0;
                }
            }
            assertThat(refused).isBetween(10, 90);
        }, "fanout.limits.requests-per-second=10000");
    }

    @Test
    void shouldRefuseUnknownNamesBeyondItsMemory() throws Exception {
        final String names = IntStream.range(0, 1_000)
            .mapToObj(i -> "\"" + SET + String.format("%04d", i) + "n".repeat(118) + "\u20ac\"")
            .collect(Collectors.joining(","));
        overload(10, 10, relay -> {
            final ExecutorService threads = Executors.newFixedThreadPool(10);
            final AtomicInteger refused = new AtomicInteger();
            try {
                final List<Callable<Void>> sessions = new ArrayList<>();
                for (int session = 0; session < 250; session++) {
                    final HostileClient client = relay.session();
                    final String set = String.format("%04d", session);
                    sessions.add(() -> {
                        for (int part = 0; part < 5; part++) {
                            final String answer = client.ask("{\"op\":\"subscribe\",\"sub\":\"s\",\"symbols\":["
                                + names.replace(SET, set + part) + "]}");
                            refused.addAndGet(isRefused(answer, "/symbols") ? 1 : 0);
                        }
                        return null;
                    });
                }
                for (final Future<Void> session : threads.invokeAll(sessions)) {
                    session.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(refused.get()).isBetween(1_000, 1_249);
        });
    }

    @Test
    void shouldServeManyEqualSubscriptionsAndRefuseTheRest() throws Exception {
        overload(20_000, 20_000, relay -> {
            int accepted = 0;
            for (int session = 0; session < 18; session++) {
                final HostileClient client = relay.session();
                for (int sub = 0; sub < 50; sub++) {
                    final String answer = client.ask("{\"op\":\"subscribe\",\"sub\":\"s" + sub
                        + "\",\"symbols\":[\"*\"],\"snapshot\":false,\"interval\":60000}");
                    accepted += isRefused(answer, "/symbols") ? 0 : 1;
                }
            }
            assertThat(accepted).isBetween(550, 899);
        }, "fanout.limits.requests-per-second=10000");
    }

    @Test
    void shouldRefuseNewSymbolsOfAFeedThatMakesThemUp() throws Exception {
        overload(600_000, 60_000, relay -> {
            await("refused symbols").atMost(OverloadedRelay.LIMIT)
                .until(() -> relay.process.metric("penstock_feed_symbols_refused_total") >= 530_000);
            assertThat(relay.process.metric("penstock_topics")).as("half of the heap").isBetween(60_000L, 66_000L);
        });
    }

    /** What a test does to a relay. */
    private interface Attack {
        void run(OverloadedRelay relay) throws Exception;
    }

    private static void overload(final int symbols, final int topics, final Attack attack, final String... settings)
            throws Exception {
        // all come from one address
        final List<String> all = new ArrayList<>(List.of(settings));
        all.add("limits.work-per-second=0");
        try (FeedServer venue = FeedServer.start(0, new ManyQuotes(symbols));
             OverloadedRelay relay = new OverloadedRelay(
                 OverloadedRelay.process(folder, venue, all.toArray(String[]::new)), control)) {
            relay.awaitTopics(topics);
            relay.withstand(() -> attack.run(relay));
        }
    }

    private static boolean isRefused(final String answer, final String path) {
        if (answer.contains("\"type\":\"error\"")) {
            assertThat(answer).contains("\"status\":503", "\"memory_full\"", "\"path\":\"" + path + "\"",
                "\"retryAfter\":");
            return true;
        }
        assertThat(answer).contains("\"type\":\"ack\"");
        return false;
    }
}
