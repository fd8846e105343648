package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
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
import penstock.testkit.Patience;

/** Symbols and channels of a feed that change while the relay runs. */
@Timeout(Patience.TEST_SECONDS)
class ReloadSymbolsTest {
    @TempDir
    private Path folder;
    private final AskedVenue venue = new AskedVenue();

    @BeforeEach
    void writeRules() throws IOException {
        Files.writeString(folder.resolve("asked.conf"), AskedVenue.FILE);
    }

    @AfterEach
    void closeVenue() {
        venue.close();
    }

    private String feed(final String rest) {
        return "feed { venue = asked.conf, url = \"" + venue.url() + "\", " + rest + " }\n";
    }

    private void awaitAsked(final String... topics) {
        await().untilAsserted(() -> assertThat(venue.asked()).isEqualTo(Set.of(topics)));
    }

    @Test
    void shouldAskTheVenueForNewSymbolsAndCloseThoseThatLeave() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, feed("symbols = [A, B]"));
                ReloadedRelay.Client byName = running.open("?symbols=A,C&interval=0");
                ReloadedRelay.Client byPattern = running.open("?symbols=*&interval=0")) {
            byName.readUntil("\"ack\"");
            byPattern.readUntil("\"ack\"");
            awaitAsked("quote:A", "quote:B");
            venue.send("quote", "A");
            byName.readUntil("\"n\":1}");
            byPattern.readUntil("\"n\":1}");

            running.follow(feed("symbols = [B, C]"));
            awaitAsked("quote:B", "quote:C");
            for (final ReloadedRelay.Client each : new ReloadedRelay.Client[] {byName, byPattern}) {
                assertThat(each.readUntil("\"A\"")).contains("\"scope\":\"symbols\"", "\"state\":\"closed\"",
                    "the operator has taken it off the feed");
            }
            venue.send("quote", "A");
            venue.send("quote", "C");
            assertThat(byName.readUntil("\"n\":3}")).as("a value that came too late").doesNotContain("\"n\":2}");
            assertThat(byPattern.readUntil("\"n\":3}")).doesNotContain("\"n\":2}");
            try (ReloadedRelay.Client later = running.open("?symbols=A&interval=0")) {
                assertThat(later.readUntil("\"state\":\"closed\"")).contains("\"A\"");
                assertThat(later.readUntil("\"type\":\"snapshot\"")).contains("\"st\":\"closed\"", "\"n\":1}");
            }
            assertThat(running.relay.sessionCount()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void shouldMakeASymbolLiveWithItsNextValueIfItComesBack() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, feed("symbols = [A, B]"));
                ReloadedRelay.Client client = running.open("?symbols=A&interval=0")) {
            client.readUntil("\"ack\"");
            awaitAsked("quote:A", "quote:B");
            venue.send("quote", "A");
            client.readUntil("\"n\":1}");
            running.follow(feed("symbols = [B]"));
            client.readUntil("\"state\":\"closed\"");
            awaitAsked("quote:B");
            running.follow(feed("symbols = [B, A]"));
            assertThat(client.readUntil("\"state\":\"stale\"")).contains("waiting_for_upstream");
            awaitAsked("quote:A", "quote:B");
            venue.send("quote", "A");
            assertThat(client.readUntil("\"state\":")).contains("\"state\":\"live\"");
            assertThat(client.readUntil("\"update\"")).contains("\"q\":2", "\"n\":2}").doesNotContain("\"st\"");
        }
    }

    @Test
    void shouldAskForAnotherChannel() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, feed("symbols = [A]"));
                ReloadedRelay.Client client = running.open("?symbols=A&channel=trade")) {
            client.readUntil("\"ack\"");
            awaitAsked("quote:A");
            running.follow(feed("symbols = [A], channels = [quote, trade]"));
            awaitAsked("quote:A", "trade:A");
            venue.send("trade", "A");
            assertThat(client.readUntil("\"n\":1}")).contains("\"update\"");
            running.follow(feed("symbols = [A], channels = [trade]"));
            awaitAsked("trade:A");
            venue.send("trade", "A");
            assertThat(client.readUntil("\"n\":2}")).contains("\"update\"");
        }
    }

    @Test
    void shouldAskForTheNewSymbolsAfterAReconnect() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, feed("symbols = [A, B]"))) {
            awaitAsked("quote:A", "quote:B");
            running.follow(feed("symbols = [C]"));
            awaitAsked("quote:C");
            venue.drop();
            awaitAsked("quote:C");
            assertThat(venue.connections()).isEqualTo(2);
        }
    }

    @Test
    void shouldNeedARestartForAFeedThatClientsKnowDifferently() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, feed("symbols = [A]"))) {
            awaitAsked("quote:A");
            for (final String other : new String[] {"symbols = on-demand", "symbols = [B], name = other"}) {
                final ReloadReport report = running.reload(feed(other));
                assertThat(report.problem()).isNull();
                assertThat(report.restart()).as(other).extracting(ConfigView.Change::key).contains("feed.symbols");
                assertThat(report.applied()).as(other).isEmpty();
            }
            assertThat(running.reload(feed("symbols = [\"A\", \"A\"]")).problem()).contains("duplicate entry");
            assertThat(venue.asked()).containsExactly("quote:A");
        }
    }
}
