package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.ConfigView;
import penstock.server.admin.ReloadReport;
import penstock.system.Subscriber;
import penstock.system.SubscriberFleet;
import penstock.testkit.Patience;

/** Feeds that come to a relay while it runs, come back, and begin again. */
@Timeout(Patience.TEST_SECONDS)
class ComingFeedsTest {
    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;
    private final AskedVenue first = new AskedVenue();
    private final AskedVenue second = new AskedVenue();
    private final AskedVenue third = new AskedVenue();

    @BeforeEach
    void writeRules() throws IOException {
        Files.writeString(folder.resolve("asked.conf"), AskedVenue.FILE);
        Files.writeString(folder.resolve("other.conf"), AskedVenue.FILE.replace("name = asked", "name = other")
            .replace("trade { class = event }", "tick { class = last-value }, trade { class = event }")
            .replace("trade = \"trade:{symbol}\"", "trade = \"trade:{symbol}\", tick = \"tick:{symbol}\""));
    }

    @AfterEach
    void closeVenues() {
        first.close();
        second.close();
        third.close();
    }

    private static void awaitAsked(final AskedVenue venue, final Set<String> expected) {
        await().untilAsserted(() -> assertThat(venue.asked()).isEqualTo(expected));
    }

    private static String feed(final String name, final AskedVenue venue, final String symbols) {
        return feed(name, "asked.conf", venue.url(), "symbols = [" + symbols + "]");
    }

    private static String feed(final String name, final String file, final String url, final String more) {
        return "feeds." + name + " { venue = " + file + ", url = \"" + url + "\", " + more + " }\n";
    }

    private String get(final ReloadedRelay running, final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.relay.adminPort() + path))
            .build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void shouldServeAFeedThatComesToSessionsThatAreOpenAndShowItEverywhere() throws Exception {
        final String stays = feed("first", first, "A");
        try (ReloadedRelay running = new ReloadedRelay(folder, stays);
                ReloadedRelay.Client client = running.open("?symbols=*&interval=0")) {
            client.readUntil("\"ack\"");
            client.say("{\"op\":\"subscribe\",\"id\":1,\"sub\":\"s\",\"feed\":\"second\",\"symbols\":[\"*\"]}");
            assertThat(client.readUntil("\"id\":1")).contains("unknown_feed");
            running.follow(stays + feed("second", second, "B"));
            awaitAsked(second, Set.of("quote:B"));
            client.say("{\"op\":\"subscribe\",\"id\":2,\"sub\":\"s\",\"feed\":\"second\",\"symbols\":[\"*\"],"
                + "\"interval\":0}");
            assertThat(client.readUntil("\"id\":2")).contains("\"ack\"");
            assertThat(client.readUntil("\"scope\":\"feed\"")).contains("\"feed\":\"second\"", "\"stale\"");
            second.send("quote", "B");
            second.send("quote", "C");
            assertThat(client.readUntil("\"s\":\"C\"")).contains("\"sub\":\"s\"");
            awaitAsked(first, Set.of("quote:A"));
            first.send("quote", "A");
            assertThat(client.readUntil("\"s\":\"A\"")).contains("\"sub\":\"0\"");

            try (ReloadedRelay.Client later = running.open("?symbols=B&feed=second")) {
                assertThat(later.readUntil("\"welcome\"")).contains("\"name\":\"second\",\"state\":\"live\"");
                assertThat(later.readUntil("\"snapshot\"")).contains("\"s\":\"B\"").doesNotContain("\"st\":");
            }
            assertThat(get(running, "/admin/v1/feeds")).contains("\"name\":\"second\",\"state\":\"live\"",
                "live from " + second.url());

            assertThat(get(running, "/metrics").lines().filter(line ->
                line.matches("penstock_(feed|channel)_.*second.*"))).contains("penstock_feed_live{feed=\"second\"} 1.0",
                "penstock_feed_connections{feed=\"second\"} 1.0", "penstock_feed_wanted{feed=\"second\"} 1.0",
                "penstock_channel_updates_total{channel=\"quote\",feed=\"second\"} 2.0",
                "penstock_feed_updates_total{feed=\"second\",owner=\"feed\"} 2.0");
            assertThat(get(running, "/admin/v1/findings")).contains("\"findings\":[");
            assertThat(get(running, "/admin/v1/changes")).contains("feeds.second.symbols", "\"subject\":\"second\"");
            second.close();
            await().until(() -> get(running, "/admin/v1/findings").contains("feed second"));
            client.readUntil("\"upstream_disconnected\"");
        }
    }

    @Test
    void shouldGiveAFeedThatComesBackToThoseWhoHadItEachTimeWithAnotherContent() throws Exception {
        final String stays = feed("first", first, "A");
        try (ReloadedRelay running = new ReloadedRelay(folder, stays + feed("second", second, "S0, X"));
                SubscriberFleet fleet = new SubscriberFleet(running.relay.port())) {
            for (final String path : new String[] {"symbols=*", "symbols=S*,X&interval=20", "symbols=X&mode=all",
                "symbols=*&channel=trade"}) {
                fleet.open("/v1/ws?feed=second&" + path, 0);
            }
            await().until(() -> fleet.subscribers.stream().allMatch(each -> each.isSnapshotDone));
            for (int round = 1; round <= 30; round++) {
                running.follow(stays);
                await().until(() -> second.asked().isEmpty() && third.asked().isEmpty());
                final AskedVenue venue = round % 2 == 0 ? second : third;
                final String symbol = "S" + round;
                running.follow(stays + feed("second", round % 3 == 0 ? "other.conf" : "asked.conf", venue.url(),
                    "channels = [quote, trade], symbols = [" + symbol + ", X]"));
                await().until(() -> venue.asked().size() == 4);
                for (int i = 0; i < 5; i++) {
                    venue.send("quote", symbol);
                    venue.send("trade", "X");
                }
                final int last = venue.send("quote", "X");
                final int traded = venue.send("trade", symbol);
                for (final Subscriber each : fleet.subscribers) {
                    final boolean isTrade = each.path.contains("trade");
                    await().atMost(Patience.LIMIT).until(() ->
                        is(each, isTrade ? symbol : "X", isTrade ? traded : last));
                }
            }
            assertThat(fleet.breaches()).isEmpty();
            assertThat(fleet.subscribers).allMatch(each -> each.closeCode < 0 && !each.isGone);
            assertThat(get(running, "/metrics").lines().filter(line ->
                line.startsWith("penstock_feed_rule_matched_total{feed=\"second\"")).toList()).hasSize(2);
        }
    }

    private static boolean is(final Subscriber each, final String symbol, final int value) {
        final Subscriber.Seen seen = each.seen.get(symbol);
        return seen != null && !seen.stale()
            && new String(seen.value(), StandardCharsets.UTF_8).endsWith("\"n\":" + value + "}");
    }

    @Test
    void shouldBeginAFeedAgainWhoseAddressHasChangedAlsoTheFirst() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, feed("first", first, "A"));
                ReloadedRelay.Client client = running.open("?symbols=*&interval=0")) {
            client.readUntil("\"ack\"");
            awaitAsked(first, Set.of("quote:A"));
            first.send("quote", "A");
            client.readUntil("\"n\":1}");
            running.follow(feed("first", second, "A"));
            assertThat(client.readUntil("\"scope\":\"feed\"")).contains("\"stale\"", "waiting_for_upstream");
            await().until(() -> first.asked().isEmpty() && second.asked().equals(Set.of("quote:A")));
            second.send("quote", "A");
            assertThat(client.readUntil("\"n\":1}")).contains("\"q\":1");
            assertThat(running.relay.fatal()).isNotDone();
        }
    }

    @Test
    void shouldBeginTheOnlyFeedAgain() throws Exception {
        final String only = "feed { venue = asked.conf, symbols = [A], url = ";
        try (ReloadedRelay running = new ReloadedRelay(folder, only + '"' + first.url() + "\" }\n");
                ReloadedRelay.Client client = running.open("?symbols=A&interval=0")) {
            client.readUntil("\"ack\"");
            awaitAsked(first, Set.of("quote:A"));
            running.follow(only + '"' + second.url() + "\" }\n");
            awaitAsked(second, Set.of("quote:A"));
            second.send("quote", "A");
            client.readUntil("\"n\":1}");
            assertThat(running.relay.fatal()).isNotDone();
            assertNeedsRestart(running, only + '"' + second.url() + "\", name = other }\n", "feed.name");
        }
    }

    @Test
    void shouldAskAVenueOnDemandForWhatIsNamedWhenItComesBack() throws Exception {
        final String stays = feed("first", first, "A");
        final String demanded = feed("second", "asked.conf", second.url(), "symbols = on-demand, linger = 0s");
        try (ReloadedRelay running = new ReloadedRelay(folder, stays)) {
            running.follow(stays + demanded);
            try (ReloadedRelay.Client client = running.openTo("second", "?symbols=B,C&feed=second&interval=0")) {
                client.readUntil("\"ack\"");
                awaitAsked(second, Set.of("quote:B", "quote:C"));
                running.follow(stays);
                await().until(() -> second.asked().isEmpty());
                client.say("{\"op\":\"unsubscribe\",\"id\":1,\"sub\":\"0\",\"symbols\":[\"B\"]}");
                client.readUntil("\"id\":1");
                client.say("{\"op\":\"subscribe\",\"id\":2,\"sub\":\"0\",\"feed\":\"second\",\"symbols\":[\"D\"]}");
                client.readUntil("\"id\":2");
                running.follow(stays + demanded.replace(second.url(), third.url()));
                awaitAsked(third, Set.of("quote:C", "quote:D"));
                third.send("quote", "C");
                client.readUntil("\"n\":1}");
                client.say("{\"op\":\"unsubscribe\",\"id\":3,\"sub\":\"0\"}");
                await().until(() -> third.asked().isEmpty());
            }
        }
    }

    @Test
    void shouldPlayTheRecordingOfAFeedThatIsRecordedFromNowOn() throws Exception {
        final String plain = feed("live", first, "A");
        final String recorded = feed("live", "asked.conf", first.url(), "symbols = [A], record = \""
            + folder.resolve("recordings") + '"');
        try (ReloadedRelay running = new ReloadedRelay(folder, plain)) {
            running.follow(recorded + "feeds.later { delayed { of = live, by = 1s } }\n");
            awaitAsked(first, Set.of("quote:A"));
            try (ReloadedRelay.Client client = running.openTo("later", "?symbols=A&feed=later&interval=0")) {
                client.readUntil("\"ack\"");
                first.send("quote", "A");
                assertThat(client.readUntil("\"s\":\"A\"")).contains("\"n\":1}");
            }
            assertThat(get(running, "/admin/v1/feeds")).contains("\"state\":\"recording\"");
            running.follow(plain);
        }
    }

    @Test
    void shouldShowAFeedThatCannotBeReachedAsDown() throws Exception {
        final String stays = feed("first", first, "A");
        second.close();
        try (ReloadedRelay running = new ReloadedRelay(folder, stays)) {
            running.follow(stays + feed("second", second, "B"));
            await().until(() -> get(running, "/admin/v1/feeds").contains("upstream_unreachable"));
            assertThat(get(running, "/admin/v1/findings")).contains("feed second", "its prices are not live");
        }
    }

    @Test
    void shouldChangeNothingIfAFeedThatComesHasAMistake() throws Exception {
        final String stays = feed("first", first, "A");
        Files.writeString(folder.resolve("bad.conf"), AskedVenue.FILE.replace("as = ", "is = ")
            .replace("channel = quote, key", "channel = qoute, key"));
        try (ReloadedRelay running = new ReloadedRelay(folder, stays)) {
            final ConfigView before = running.relay.reload().running();
            for (final String bad : new String[] {"bad.conf", "nowhere.conf"}) {
                final ReloadReport report = running.reload(stays + feed("second", second, "B")
                    + feed("third", bad, third.url(), "symbols = [C]"));
                assertThat(report.problem()).contains(bad);
            }
            assertThat(running.reload(stays + feed("second", "asked.conf", second.url(), "channels = [depth]"))
                .problem()).contains("feeds.second.channels: depth is none of venue asked");
            assertThat(running.relay.reload().running()).isSameAs(before);
            assertThat(get(running, "/admin/v1/feeds")).doesNotContain("second", "third");
            assertThat(second.asked()).isEmpty();
        }
    }

    @Test
    void shouldSayWhatNeedsARestart() throws Exception {
        final String one = feed("first", first, "A");
        final String two = feed("second", second, "A");
        Files.writeString(folder.resolve("events.conf"),
            AskedVenue.FILE.replace("quote { class = last-value", "quote { class = event"));
        try (ReloadedRelay running = new ReloadedRelay(folder, one + two)) {
            await().until(() -> !first.asked().isEmpty() && !second.asked().isEmpty());
            assertNeedsRestart(running, two, "feeds.first.symbols");
            assertNeedsRestart(running, one.replaceFirst("feeds.first", "feed"), "feeds.first.symbols");
            assertNeedsRestart(running, one + two.replace("asked.conf", "events.conf"), "feeds.second.venue");
            assertNeedsRestart(running, one + two.replace("[A]", "on-demand"), "feeds.second.symbols");
            running.follow(one);
            assertNeedsRestart(running, one + two.replace("[A]", "on-demand"), "feeds.second.symbols");
            running.follow(one + two);
        }
    }

    @Test
    void shouldSayThatThereIsNoPlaceForAnotherName() throws Exception {
        final String stays = feed("first", first, "A");
        try (ReloadedRelay running = new ReloadedRelay(folder, stays)) {
            for (int i = 1; i < 64; i++) {
                running.follow(stays + feed("f" + i, second, "B"));
            }
            assertThat(running.reload(stays + feed("f64", second, "B")).problem())
                .startsWith("feeds.f64: is one feed too many").contains("64 places", "restart the relay");
            try (ReloadedRelay.Client client = running.openTo("f63", "?symbols=*&feed=f63")) {
                client.readUntil("\"ack\"");
                awaitAsked(second, Set.of("quote:B"));
                second.send("quote", "B");
                client.readUntil("\"n\":1}");
            }
            running.follow(stays + feed("f7", second, "B"));
        }
    }

    private static void assertNeedsRestart(final ReloadedRelay running, final String text, final String key)
            throws IOException {
        final ReloadReport report = running.reload(text);
        assertThat(report.problem()).isNull();
        assertThat(report.restart()).as(text).extracting(ConfigView.Change::key).contains(key);
        assertThat(report.applied()).as(text).extracting(ConfigView.Change::key)
            .allMatch(each -> each.endsWith(".max-topics"));
    }
}
