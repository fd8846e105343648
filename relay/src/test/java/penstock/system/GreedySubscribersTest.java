package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;

/**
 * A relay as a process of its own, with the heap and the io thread of a small machine. Subscribers, or the feed, make
 * it hold more than it has: they are refused, another session's updates come in time, and the heap is what it was.
 */
@Tag("slow")
class GreedySubscribersTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long MIB = 1 << 20;
    /** Beyond the delay of a calm relay: a collection of the small heap takes 100 ms on a machine under load. */
    private static final Duration TIMELY = Duration.ofMillis(150);
    private static final String SET = "@@@@@";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void shouldRefuseSelectionsOfFieldsBeyondItsMemory() throws Exception {
        overload(2_000, 2_000, clients -> {
            int refused = 0;
            for (int session = 0; session < 4; session++) {
                final HostileClient client = clients.open();
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
        overload(10, 10, clients -> {
            final ExecutorService threads = Executors.newFixedThreadPool(10);
            final AtomicInteger refused = new AtomicInteger();
            try {
                final List<Callable<Void>> sessions = new ArrayList<>();
                for (int session = 0; session < 250; session++) {
                    final HostileClient client = clients.open();
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
        overload(20_000, 20_000, clients -> {
            int accepted = 0;
            for (int session = 0; session < 18; session++) {
                final HostileClient client = clients.open();
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
        overload(600_000, 50_000, clients -> {
            await("refused symbols").atMost(LIMIT)
                .until(() -> metric(clients.relay, "penstock_feed_symbols_refused_total") >= 550_000);
            assertThat(metric(clients.relay, "penstock_topics")).isEqualTo(50_000);
        }, "feed.max-topics=50000");
    }

    /** What the clients of a test do. */
    private interface Attack {
        void run(Clients clients) throws Exception;
    }

    /** The clients of a test, which leave together. */
    private static final class Clients {
        final RelayProcess relay;
        private final List<HostileClient> open = new ArrayList<>();

        Clients(final RelayProcess relay) {
            this.relay = relay;
        }

        HostileClient open() throws IOException {
            final HostileClient client = HostileClient.upgraded(relay.port, "/v1/ws");
            open.add(client);
            return client;
        }

        void leave() throws IOException {
            for (final HostileClient client : open) {
                client.reset();
            }
        }
    }

    private void overload(final int symbols, final int topics, final Attack attack, final String... settings)
            throws Exception {
        try (FeedServer venue = FeedServer.start(0, new ManyQuotes(symbols));
             RelayProcess relay = relay(venue, settings); PulseClient pulse = new PulseClient(relay.port)) {
            await("topics").atMost(LIMIT).until(() -> metric(relay, "penstock_topics") == topics);
            final long heapBefore = heapAfterGc(relay);
            pulse.measure();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            final Duration calm = pulse.delay();
            pulse.measure();
            final Clients clients = new Clients(relay);
            attack.run(clients);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            assertThat(relay.process.isAlive()).isTrue();
            // on a machine that does other things too, updates are late by themselves
            assertThat(pulse.delay()).as("delay of updates").isLessThan(calm.plus(TIMELY));
            clients.leave();
            await("sessions").atMost(LIMIT).until(() -> metric(relay, "penstock_sessions") == 1);
            // the watch of a half message lets go of its socket after 10 s
            await("heap that is not given back").atMost(LIMIT).pollInterval(Duration.ofMillis(500))
                .until(() -> heapAfterGc(relay) - heapBefore < 8 * MIB);
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

    private RelayProcess relay(final FeedServer venue, final String... settings) throws IOException {
        final Path file = folder.resolve("relay.conf");
        Files.writeString(file, "feed { venue = json, url = \"" + venue.url("/")
            + "\" }\nserver { io-threads = 1, public-metrics = true }\n");
        // all come from one address
        final List<String> arguments =
            new ArrayList<>(List.of("run", "-c", file.toString(), "--set", "limits.work-per-second=0"));
        for (final String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return RelayProcess.start(arguments.toArray(String[]::new));
    }

    private long heapAfterGc(final RelayProcess relay) throws Exception {
        final String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        assertThat(new ProcessBuilder(jcmd, Long.toString(relay.process.pid()), "GC.run").start().waitFor()).isZero();
        return metric(relay, "jvm_heap_used_bytes");
    }

    private long metric(final RelayProcess relay, final String name) throws Exception {
        final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
            + relay.port + "/metrics")).build(), HttpResponse.BodyHandlers.ofString());
        return answer.body().lines().filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
            .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
