package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.replay.DemoFeed;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;

/** A bus that refuses the relay, or is not where it should be: the operator is told why, and what to do. */
@Timeout(Patience.TEST_SECONDS)
class BusLoginTest {
    private static final String PAGE = Pages.text("relay/docs/how-to/nats-bus.md");
    /** Those of the page, and one without permissions. */
    private static final String USERS = PAGE.substring(PAGE.indexOf("authorization {"),
        PAGE.indexOf("```", PAGE.indexOf("authorization {"))).replaceFirst("users: \\[", "users: [ { user: mute, password: \"mute\", "
        + "permissions: { publish: [\"nothing\"], subscribe: [\"nothing\"] } }");

    @TempDir
    private Path folder;

    @Test
    void shouldSayThatTheServersRefuseTheLoginAndLogInWithAnotherPassword() throws Exception {
        final Path password = Files.writeString(folder.resolve("password"), "wrong\n");
        try (NatsServers nats = new NatsServers(1, folder, USERS); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0), "bus.nats.user=relay",
                "bus.nats.password-file=" + password)) {
            awaitFinding(rig, "it is not connected", "bus.nats.credentials-file, user, password-file or token-file");

            Files.writeString(password, "SECRET-OF-THE-RELAY\n");
            await().atMost(Patience.LIMIT).until(() -> rig.metric("penstock_bus_connected") == 1);
            await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(rig.findings()).isEmpty());

            Files.delete(password);
            final String reader = nats.url(0).replace("//", "//reader:SECRET-OF-READERS@");
            try (BusReader allowed = new BusReader(List.of(reader), BusRig.SUBJECT)) {
                await().atMost(Patience.LIMIT).until(() -> allowed.isJoined() && allowed.counted() > 1_000);
                rig.assertComplete(allowed);
            }
        }
    }

    @Test
    void shouldNameAFileThatIsNotThere() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0), "bus.nats.token-file=/no/such/file")) {
            awaitFinding(rig, "it is not connected", "there is no file /no/such/file",
                "bus.nats.credentials-file, user, password-file or token-file");
        }
    }

    @Test
    void shouldSayThatNoServerAnswers() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0); BusRig rig = new BusRig(feed, "bus.nats.url=nats://127.0.0.1:1")) {
            awaitFinding(rig, "it is not connected", "look at the servers in bus.nats.url");
        }
    }

    @Test
    void shouldSayThatAUserMayNotPublish() throws Exception {
        final Path password = Files.writeString(folder.resolve("password"), "mute\n");
        try (NatsServers nats = new NatsServers(1, folder, USERS); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0), "bus.nats.user=mute",
                "bus.nats.password-file=" + password)) {
            awaitFinding(rig, "the server refuses", "give the user of the relay the permissions of the page");
            assertThat(rig.findings().toString()).containsIgnoringCase("permissions violation");
        }
    }

    private static void awaitFinding(final BusRig rig, final String... words) {
        await().atMost(Patience.LIMIT).untilAsserted(
            () -> assertThat(rig.findings()).anySatisfy(finding -> assertThat(finding).contains(words)));
    }
}
