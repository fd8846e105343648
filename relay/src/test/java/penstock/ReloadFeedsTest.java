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
import penstock.testkit.Patience;

/** Feeds that leave a relay while it runs. */
@Timeout(Patience.TEST_SECONDS)
class ReloadFeedsTest {
    @TempDir
    private Path folder;
    private final AskedVenue first = new AskedVenue();
    private final AskedVenue second = new AskedVenue();

    @BeforeEach
    void writeRules() throws IOException {
        Files.writeString(folder.resolve("asked.conf"), AskedVenue.FILE);
    }

    @AfterEach
    void closeVenues() {
        first.close();
        second.close();
    }

    private static String feed(final String name, final AskedVenue venue, final String symbols) {
        return "feeds." + name + " { venue = asked.conf, url = \"" + venue.url() + "\", symbols = [" + symbols + "],\n"
            + "max-topics = 1000 }\n";
    }

    @Test
    void shouldEndAFeedThatLeavesAndKeepTheSessionsOfIt() throws Exception {
        final String stays = feed("first", first, "A");
        try (ReloadedRelay running = new ReloadedRelay(folder, stays + feed("second", second, "A"));
                ReloadedRelay.Client client = running.open("?symbols=A&feed=second&interval=0")) {
            client.readUntil("\"ack\"");
            client.say("{\"op\":\"subscribe\",\"id\":1,\"sub\":\"stays\",\"feed\":\"first\",\"symbols\":[\"A\"],"
                + "\"interval\":0}");
            client.readUntil("\"id\":1");
            await().until(() -> first.asked().equals(Set.of("quote:A")) && second.asked().equals(Set.of("quote:A")));
            second.send("quote", "A");
            client.readUntil("\"n\":1}");

            running.follow(stays);
            assertThat(client.readUntil("\"closed\"")).contains("\"scope\":\"feed\"", "\"feed\":\"second\"",
                "\"reason\":\"removed\"");
            await().until(() -> second.asked().isEmpty());
            first.send("quote", "A");
            assertThat(client.readUntil("\"n\":1}")).contains("\"sub\":\"stays\"");
            try (ReloadedRelay.Client later = running.open("?symbols=A&feed=second")) {
                assertThat(later.readUntil("\"snapshot\"")).contains("\"st\":\"stale\"");
            }
            assertThat(running.relay.fatal()).isNotDone();
        }
    }
}
