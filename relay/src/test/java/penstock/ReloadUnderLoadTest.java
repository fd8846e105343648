package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import penstock.config.relay.ConfigView;
import penstock.identity.key.ClientKey;
import penstock.server.admin.ReloadReport;
import penstock.system.Subscriber;
import penstock.system.SubscriberFleet;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/**
 * Good and bad configurations at random, with feeds that come, change and leave, while venues send and sessions read:
 * no session ends, no update is missing without a word, and a bad file changes nothing. {@code -Dpenstock.reloads=N}:
 * the rounds of the gate.
 */
class ReloadUnderLoadTest {
    private static final int ROUNDS = Integer.getInteger("penstock.reloads", 1_000);
    private static final String[] PATHS = {"?symbols=*&interval=0", "?symbols=*&interval=20", "?symbols=S1,S2,S3",
        "?symbols=S1*,S4&interval=100", "?symbols=*&channel=trade", "?symbols=S2,S5&channel=trade&mode=all",
        "?symbols=S0,S7&mode=all", "?symbols=*&interval=50", "?feed=second&symbols=*&interval=0",
        "?feed=second&symbols=S1,S2&mode=all", "?feed=second&symbols=*&channel=trade",
        "?feed=demand&symbols=S3,S4&interval=20"};
    private static final List<String> CHANNELS = List.of("quote", "trade");

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;
    private final String key = ClientKey.random();
    private final AskedVenue venue = new AskedVenue();
    private final AskedVenue second = new AskedVenue();
    private final AskedVenue moved = new AskedVenue();
    private final AskedVenue demand = new AskedVenue();
    /** By feed, channel and symbol. */
    private final Map<String, Integer> newest = new TreeMap<>();
    private final List<Logger> quiet = new ArrayList<>();

    @BeforeEach
    void prepare() throws Exception {
        Files.writeString(folder.resolve("asked.conf"), AskedVenue.FILE);
        Files.writeString(folder.resolve("other.conf"), AskedVenue.FILE.replace("name = asked", "name = other"));
        Files.writeString(folder.resolve("broken-venue.conf"),
            AskedVenue.FILE.replace("channel = quote", "channel = x"));
        for (final String file : new String[] {"a.conf", "b.conf"}) {
            Files.writeString(folder.resolve(file), "keys = [{ id = desk-7, hash = \"sha256:" + ClientKey.hash(key)
                + "\", sessions = 0, products = " + (file.equals("a.conf") ? "[a, b, c]" : "[b, c]") + " }]\n");
        }
        Files.writeString(folder.resolve("broken.conf"), "keys = [{ id = desk-7 }]\n");
        // thousands of lines that say what is tested elsewhere
        for (final String name : new String[] {"penstock.reload", "penstock.RelayPlan", "penstock.server",
            "penstock.feed"}) {
            quiet.add((Logger) LoggerFactory.getLogger(name));
        }
        quiet.forEach(each -> each.setLevel(Level.OFF));
    }

    @AfterEach
    void close() {
        quiet.forEach(each -> each.setLevel(null));
        List.of(venue, second, moved, demand).forEach(AskedVenue::close);
    }

    @Test
    void shouldKeepEverySessionOverReloadsAtRandom() throws Exception {
        reload(60, 40);
    }

    @Test
    @Tag("slow")
    @Tag("gate")
    void shouldKeepFiveHundredSessionsOverAThousandReloads() throws Exception {
        final SubscriberFleet fleet = reload(ROUNDS, 500);
        System.out.printf("no session lost, no breach: %d reloads, 500 sessions, %d updates received%n", ROUNDS,
            fleet.subscribers.stream().mapToLong(each -> each.updates).sum());
    }

    private SubscriberFleet reload(final int rounds, final int sessions) throws Exception {
        final Random random = seeds.random();
        final RandomConfigs configs =
            new RandomConfigs(random, venue.url(), second.url(), moved.url(), demand.url());
        try (ReloadedRelay running = new ReloadedRelay(folder, configs.whole());
                SubscriberFleet fleet = new SubscriberFleet(running.relay.port(), "Authorization: Bearer " + key)) {
            for (int i = 0; i < sessions; i++) {
                fleet.open("/v1/ws" + PATHS[i % PATHS.length], 0);
            }
            await().atMost(Patience.LIMIT).until(() -> running.relay.sessionCount() == sessions
                && fleet.subscribers.stream().allMatch(each -> isAnswered(each)));
            int bad = 0;
            for (int round = 0; round < rounds; round++) {
                tick(random);
                final boolean isBad = random.nextInt(3) == 0;
                bad += isBad ? 1 : 0;
                final String text = isBad ? configs.bad() : configs.good();
                final ConfigView before = running.relay.reload().running();
                final ReloadReport report = running.reload(text);
                assertThat(report.problem() != null).as("%s%n%s", report.problem(), text).isEqualTo(isBad);
                assertThat(report.restart()).as(text).isEmpty();
                if (isBad) {
                    assertThat(running.relay.reload().running()).as(text).isSameAs(before);
                }
            }
            assertThat(bad).isBetween(1, rounds - 1);
            assertThat(running.reload(configs.whole()).problem()).isNull();
            settle(fleet);
            assertThat(running.relay.sessionCount()).as("sessions").isEqualTo(sessions);
            assertThat(fleet.subscribers).allMatch(each -> each.closeCode < 0 && !each.isGone);
            assertThat(fleet.breaches()).as("the ledger").isEmpty();
            return fleet;
        }
    }

    private static boolean isAnswered(final Subscriber each) {
        return each.controls.stream().anyMatch(text -> text.contains("\"ack\""));
    }

    /** Some updates of what the venues were asked for, and of what they were not. */
    private void tick(final Random random) {
        for (int i = random.nextInt(20); i > 0; i--) {
            final AskedVenue each = List.of(venue, second, moved, demand).get(random.nextInt(4));
            each.send(CHANNELS.get(random.nextInt(2)), "S" + random.nextInt(RandomConfigs.SYMBOLS));
        }
        LockSupport.parkNanos(random.nextInt(2) * 1_000_000L);
    }

    private void send(final String feed, final AskedVenue of, final String channel, final String symbol) {
        newest.put(feed + ":" + channel + ":" + symbol, of.send(channel, symbol));
    }

    /** Everything is subscribed to, and everyone has the newest value of all that it asked for. */
    private void settle(final SubscriberFleet fleet) {
        await("what the venues are asked for").atMost(Patience.LIMIT)
            .until(() -> venue.asked().size() == 2 * RandomConfigs.SYMBOLS
                && second.asked().size() == 2 * RandomConfigs.SYMBOLS
                && demand.asked().equals(Set.of("quote:S3", "quote:S4")));
        CHANNELS.forEach(channel -> RandomConfigs.all().forEach(symbol -> {
            send("main", venue, channel, symbol);
            send("second", second, channel, symbol);
            send("demand", demand, channel, symbol);
        }));
        await("the newest values").atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(50))
            .untilAsserted(() -> assertThat(fleet.subscribers).allSatisfy(this::checkNewest));
    }

    private void checkNewest(final Subscriber each) {
        final String channel = (each.path.contains("feed=") ? each.path.replaceAll(".*feed=([a-z]+).*", "$1") : "main")
            + (each.path.contains("channel=trade") ? ":trade" : ":quote");
        final List<String> asked =
            List.of(each.path.replaceAll(".*symbols=([^&]*).*", "$1").replace(".", "").split(","));
        for (final String symbol : RandomConfigs.all()) {
            if (asked.contains("*") || asked.contains(symbol) || asked.contains("S1*") && symbol.startsWith("S1")) {
                final Subscriber.Seen seen = each.seen.get(symbol);
                assertThat(seen).as("%s of %s", symbol, each.path).isNotNull();
                assertThat(new String(seen.value(), StandardCharsets.UTF_8)).as("%s of %s", symbol, each.path)
                    .endsWith("\"n\":" + newest.get(channel + ":" + symbol) + "}");
                assertThat(seen.stale()).as("%s of %s", symbol, each.path).isFalse();
            }
        }
    }
}
