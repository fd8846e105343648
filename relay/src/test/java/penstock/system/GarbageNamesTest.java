package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;
import penstock.websocket.Opcode;

/** A relay on demand whose subscribers name thousands of symbols that the venue does not have. */
@Tag("slow")
@Tag("gate")
@Tag("alone")
class GarbageNamesTest {
    private static final int SESSIONS = 8;
    private static final int NAMES = 540;
    private static final Pattern NAME = Pattern.compile("\"(X\\d+N\\d+)\"");

    @TempDir
    private Path folder;

    @Test
    void shouldSayWhyItDoesNotServeThemAndServeAGoodNameAfterwards() throws Exception {
        final OnDemandVenue script = new OnDemandVenue();
        try (FeedServer venue = FeedServer.start(0, script); IdleRelay control = new IdleRelay(folder);
             OverloadedRelay relay = new OverloadedRelay(process(venue), control)) {
            await("the pulse").until(() -> script.asked.containsKey(ManyQuotes.PULSE));
            relay.withstand(() -> {
                final List<HostileClient> sessions = new ArrayList<>();
                for (int i = 0; i < SESSIONS; i++) {
                    final HostileClient session = relay.session();
                    final String prefix = "X" + i + "N";
                    session.write(HostileClient.text("{\"op\":\"subscribe\",\"symbols\":[" + IntStream.range(0, NAMES)
                        .mapToObj(name -> "\"" + prefix + name + "\"").collect(Collectors.joining(",")) + "]}"));
                    sessions.add(session);
                }
                for (final HostileClient session : sessions) {
                    awaitClosedNames(session);
                }
            });
            try (HostileClient good = HostileClient.upgraded(relay.process.port, "/v1/ws?symbols=SOLUSDT&interval=0")) {
                String text = good.readFrame().text();
                while (!text.contains("\"sent\"")) {
                    assertThat(text).doesNotContain("\"closed\"");
                    text = good.readFrame().text();
                }
            }
        }
    }

    /** Each name is closed, with the reason. */
    private static void awaitClosedNames(final HostileClient session) throws IOException {
        long closed = 0;
        while (closed < NAMES) {
            final HostileClient.Frame frame = session.readFrame();
            assertThat(frame.opcode()).isEqualTo(Opcode.TEXT);
            final String text = frame.text();
            if (text.contains("\"state\":\"closed\"")) {
                assertThat(text).contains("\"reason\":\"");
                closed += NAME.matcher(text).results().map(MatchResult::group).distinct().count();
            }
        }
    }

    private RelayProcess process(final FeedServer venue) throws IOException {
        return RelayProcess.start(OverloadedRelay.arguments(folder, venue,
            OnDemandVenue.file(folder, "max-connections = 1").toString(), "feed.symbols=on-demand", "feed.linger=0",
            "feed.max-symbols=100", "feed.max-symbols-per-session=" + NAMES));
    }
}
