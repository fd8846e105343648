package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.telemetry.MetricsPage;
import penstock.venue.Venue;

/**
 * Four feeds in one relay. Two of them are killed and flood in turn: the others lose nothing, and their clients learn
 * nothing of it. The number of sessions and the length can be raised: then it prints how late their updates came, and
 * how late they come while another relay in the same process has the same flood, with as many sessions: what that takes
 * of the processors is no matter of the relay. A flood of so many messages a millisecond that the processors are busy
 * all the time shows only how the system shares them.
 */
class FeedsInOneRelayTest {
    private static final int SESSIONS = Integer.getInteger("penstock.feeds.sessions", 48);
    private static final long PHASE_MS = Long.getLong("penstock.feeds.phase-ms", 200);
    private static final int ROUNDS = Integer.getInteger("penstock.feeds.rounds", 1);
    private static final int FLOOD_PER_MS = Integer.getInteger("penstock.feeds.flood-per-ms", TickingVenue.UNLIMITED);
    private static final long EVERY_MS = Long.getLong("penstock.feeds.every-ms", 2);
    private static final boolean IS_MEASURED = SESSIONS >= 100;
    private static final Pattern SENT = Pattern.compile("\"sent\":(\\d+)");
    private static final OperatingSystemMXBean CPU =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final List<String> CALM = List.of("a", "d");
    private static final List<String> VICTIMS = List.of("b", "c");

    @TempDir
    private Path folder;

    private final Map<String, TickingVenue> venues = new LinkedHashMap<>();
    private final Map<String, List<Subscriber>> sessions = new LinkedHashMap<>();
    private final ConcurrentHistogram late = new ConcurrentHistogram(3);
    private final List<AutoCloseable> beside = new ArrayList<>();
    /** Of the other relay; null without one. */
    private TickingVenue venueBeside;
    private Relay relay;
    private SubscriberFleet fleet;
    /** On a thread of its own: what checks a flood is late for the rest. */
    private SubscriberFleet flooded;

    @BeforeEach
    void start() throws IOException {
        final String venue = Files.writeString(folder.resolve("ticking.conf"), TickingVenue.FILE).toString();
        final StringBuilder text = new StringBuilder("server { port = 0, io-threads = 2, max-sessions = 1000 }\n"
            + "admin.enabled = false\nring { slots = 4096 }\nfeeds {\n");
        for (final String name : List.of("a", "b", "c", "d")) {
            venues.put(name, new TickingVenue(name.toUpperCase(Locale.ROOT), EVERY_MS));
            text.append(name).append(" { venue = \"").append(venue).append("\", url = \"")
                .append(venues.get(name).url()).append("\", channels = [quote, trade], symbols = [X] }\n");
        }
        final RelayConfig config =
            new RelayConfigLoader(Map.of()).loadText("feeds.conf", text.append('}').toString(), List.of());
        relay = new Relay(config, config.feeds().values().stream()
            .map(feed -> Venue.load(venue, feed.settings(), key -> null)).toList(), null, Clock.systemUTC());
        fleet = new SubscriberFleet(relay.port());
        flooded = new SubscriberFleet(relay.port());
        await("all are live").until(() -> get("/readyz?feed=a&feed=b&feed=c&feed=d").statusCode() == 200);
    }

    @AfterEach
    void stop() throws Exception {
        for (final AutoCloseable each : beside) {
            each.close();
        }
        fleet.close();
        flooded.close();
        relay.close();
        venues.values().forEach(TickingVenue::close);
        assertThat(relay.telemetry().errors().entries()).isEmpty();
    }

    @Test
    void shouldServeFourFeedsThoughTwoAreKilledAndFlood() throws Exception {
        openSessions();
        if (IS_MEASURED) {
            openRelayBeside();
        }
        for (int round = 0; round < ROUNDS; round++) {
            measure("nothing");
            for (final String victim : VICTIMS) {
                killAndFlood(victim, round + 1);
            }
        }
        assertThat(fleet.breaches()).as("ledgers").isEmpty();
        assertThat(flooded.breaches()).as("ledgers of the flooded").isEmpty();
        calm().forEach(each -> assertThat(each.controls).as(each.path).anyMatch(text -> text.contains("\"ack\""))
            .noneMatch(text -> text.contains("\"scope\":\"feed\"") || text.contains("\"type\":\"gap\"")
            || text.contains("stale")));
        for (final String victim : VICTIMS) {
            assertThat(sessions.get(victim)).allSatisfy(each -> assertThat(each.controls)
                .noneMatch(text -> text.contains("\"scope\":\"feed\"") && !text.contains("\"feed\":\"" + victim + '"')));
        }
        final String metrics = metrics();
        CALM.forEach(calm -> assertThat(metrics).contains("penstock_feed_live{feed=\"" + calm + "\"} 1")
            .contains("penstock_feed_connects_total{feed=\"" + calm + "\",owner=\"feed\"} 1.0\n"));
        assertThat(metrics).doesNotContain("penstock_feed_frames_total{owner=\"feed\"}")
            .contains("penstock_ring_full_total{owner=\"feed\"}");
    }

    @Test
    void shouldAnswerByFeedWithAClearErrorForOneThatIsUnknown() throws Exception {
        assertThat(get("/v1/symbols?feed=c").body()).contains("\"C0\"").doesNotContain("\"A0\"");
        assertThat(get("/v1/snapshot?feed=d&channel=trade&symbols=D1").body()).contains("\"s\":\"D1\"");
        assertThat(get("/v1/snapshot?symbols=*").body()).as("the first feed").contains("\"s\":\"A1\"");
        assertThat(get("/v1/snapshot?feed=e").body()).contains("\"status\":400,\"code\":\"unknown_feed\","
            + "\"path\":\"/feed\",\"message\":\"no feed 'e', there is a, b, c, d\"");
        assertThat(get("/v1/sse?feed=e&symbols=*").body()).contains("unknown_feed");
        assertThat(get("/readyz?feed=e").statusCode()).isEqualTo(400);
        final Subscriber raw = fleet.open("/v1/raw?feed=b&symbols=B2", 0);
        await("payloads").until(() -> raw.seen.containsKey("B2"));
        final Subscriber client = fleet.open("/v1/ws", 0);
        await("open").until(() -> client.isOpen);
        client.send("{\"op\":\"subscribe\",\"sub\":\"x\",\"feed\":\"e\",\"symbols\":[\"*\"]}");
        await("refusal").until(() -> has(client, "there is a, b, c, d"));
        client.send("{\"op\":\"subscribe\",\"sub\":\"x\",\"feed\":\"d\",\"channel\":\"trade\",\"symbols\":[\"D1\"]}");
        await("ack").until(() -> has(client, "\"effective\":{\"feed\":\"d\",\"channel\":\"trade\""));
        client.send("{\"op\":\"subscribe\",\"sub\":\"x\",\"feed\":\"c\",\"symbols\":[\"C1\"]}");
        await("refusal").until(() -> has(client, "'x' is a subscription of channel trade of feed d"));
        assertThat(client.controls.get(0)).contains("\"feed\":{\"name\":\"a\"", "\"feeds\":[{\"name\":\"a\",",
            "{\"name\":\"d\",\"state\":\"live\",\"channels\":[");
    }

    @Test
    void shouldEndOnlyTheFeedWhoseVenueRejectsTheRelayUntilAllHave() {
        final Subscriber rejected = fleet.open("/v1/ws?feed=b&symbols=*", 0);
        final Subscriber other = fleet.open("/v1/ws?feed=d&symbols=*", 0);
        await("values").until(() -> rejected.updates > 0 && other.updates > 0);
        venues.get("b").reject();
        await("closed").until(() -> has(rejected, "\"feed\":\"b\",\"state\":\"closed\""));
        final long updates = other.updates;
        await("the others go on").until(() -> other.updates > updates + 100);
        assertThat(other.controls).noneMatch(text -> text.contains("\"scope\":\"feed\""));
        assertThat(rejected.isGone).isFalse();
        for (final String name : List.of("a", "c", "d")) {
            assertThat(relay.fatal()).as(name + " is left").isNotDone();
            venues.get(name).reject();
            await(name).until(() -> get("/readyz?feed=" + name).statusCode() == 503);
        }
        await("the end").until(() -> relay.fatal().isDone());
        assertThat(relay.fatal().join()).contains("b: venue rejected", "; d: venue rejected");
    }

    @Test
    void shouldSendTheStateOfAFeedOnceAClientHasSubscribedToIt() {
        final Subscriber client = fleet.open("/v1/ws?feed=a&symbols=*", 0);
        await("values").until(() -> client.updates > 0);
        venues.get("b").kill();
        await("stale").until(() -> get("/readyz?feed=b").statusCode() == 503);
        assertThat(client.controls).noneMatch(text -> text.contains("\"scope\":\"feed\""));
        client.send("{\"op\":\"subscribe\",\"sub\":\"b\",\"feed\":\"b\",\"symbols\":[\"B0\"]}");
        await("the state").until(() -> has(client, "\"scope\":\"feed\",\"feed\":\"b\",\"state\":\"stale\""));
        await("its value").until(() -> client.seen.containsKey("B0") && client.seen.get("B0").stale());
        assertThat(client.seen.get("A0").stale()).isFalse();
    }

    private void killAndFlood(final String victim, final int times) throws Exception {
        final TickingVenue venue = venues.get(victim);
        final List<Subscriber> clients = sessions.get(victim);
        venue.kill();
        await("stale").until(() -> areTold(clients, victim, "stale", times));
        measure(victim + " is dead");
        assertThat(get("/readyz").statusCode()).as("the others are ready").isEqualTo(200);
        assertThat(get("/readyz?feed=" + victim).statusCode()).isEqualTo(503);
        venue.restart();
        await("live").until(() -> areTold(clients, victim, "live", times));
        venue.flood(FLOOD_PER_MS);
        measure(victim + " floods");
        venue.flood(0);
        if (IS_MEASURED) {
            venueBeside.flood(FLOOD_PER_MS);
            measure("another relay has the flood");
            venueBeside.flood(0);
        }
    }

    private void openSessions() {
        final AtomicInteger number = new AtomicInteger();
        while (number.get() < SESSIONS) {
            for (final String feed : venues.keySet()) {
                final boolean isTrade = number.getAndIncrement() % 8 < 4;
                final String path = "/v1/ws?feed=" + feed + "&symbols=*&channel="
                    + (isTrade ? "trade" : "quote&interval=0");
                sessions.computeIfAbsent(feed, key -> new ArrayList<>()).add(CALM.contains(feed)
                    ? fleet.open(path, 0, new Lateness(late)) : flooded.open(path, 0));
            }
        }
        await("values for all").until(() -> sessions.values().stream().flatMap(List::stream)
            .allMatch(each -> each.updates > 0));
    }

    /** A relay with one feed, and as many sessions as a feed has here. */
    private void openRelayBeside() throws IOException {
        venueBeside = new TickingVenue("E", EVERY_MS);
        final String file = folder.resolve("ticking.conf").toString();
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("beside.conf",
            "server { port = 0, io-threads = 2 }\nadmin.enabled = false\nring.slots = 4096\nfeed { venue = \"" + file
            + "\", url = \"" + venueBeside.url() + "\", channels = [quote, trade], symbols = [X] }", List.of());
        final Relay other = new Relay(config, Venue.load(file, config.feed().settings(), key -> null), null);
        final SubscriberFleet clients = new SubscriberFleet(other.port());
        beside.addAll(List.of(clients, other, venueBeside));
        for (int i = 0; i < SESSIONS / venues.size(); i++) {
            clients.open("/v1/ws?symbols=*&channel=" + (i % 2 == 0 ? "trade" : "quote&interval=0"), 0);
        }
        await("values for all").until(() -> clients.subscribers.stream().allMatch(each -> each.updates > 0));
    }

    private void measure(final String what) {
        if (IS_MEASURED) {
            // what the last phase has left is sent, and the compiler has seen this one
            LockSupport.parkNanos(PHASE_MS * 200_000);
        }
        final long beganNs = System.nanoTime();
        final long cpuNs = CPU.getProcessCpuTime();
        late.reset();
        LockSupport.parkNanos(PHASE_MS * 1_000_000);
        if (IS_MEASURED) {
            System.out.printf("%-28s the others: %s; %.2f processors busy%n", what, figures(late),
                (double) (CPU.getProcessCpuTime() - cpuNs) / (System.nanoTime() - beganNs));
        }
        assertThat(late.getTotalCount()).as("updates of the others while " + what).isPositive();
    }

    private static String figures(final ConcurrentHistogram late) {
        return String.format("%d updates, late by p50 %.2f ms, p99 %.2f ms, max %.2f ms", late.getTotalCount(),
            late.getValueAtPercentile(50) / 1e6, late.getValueAtPercentile(99) / 1e6, late.getMaxValue() / 1e6);
    }

    private Stream<Subscriber> calm() {
        return CALM.stream().flatMap(feed -> sessions.get(feed).stream());
    }

    private static boolean areTold(final List<Subscriber> clients, final String feed, final String state,
            final int times) {
        final String text = "\"feed\":\"" + feed + "\",\"state\":\"" + state + "\"";
        return clients.stream()
            .allMatch(each -> each.controls.stream().filter(told -> told.contains(text)).count() >= times);
    }

    private static boolean has(final Subscriber subscriber, final String text) {
        return subscriber.controls.stream().anyMatch(each -> each.contains(text));
    }

    private HttpResponse<String> get(final String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port()
            + path)).timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String metrics() {
        return new MetricsPage(relay.telemetry()).text();
    }

    /** How late updates come, from the venue to here. */
    private record Lateness(ConcurrentHistogram late) implements Subscriber.Watcher {
        @Override
        public void onMessage(final String text) {
            final long nowNs = System.nanoTime();
            final Matcher sent = SENT.matcher(text);
            while (sent.find()) {
                late.recordValue(Math.max(0, nowNs - Long.parseLong(sent.group(1))));
            }
        }

        @Override
        public boolean isJudge() {
            return false;
        }
    }
}
