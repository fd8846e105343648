package penstock.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static penstock.recording.RecordingTexts.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.recording.RecordingException;
import penstock.testkit.Patience;
import penstock.websocket.Opcode;

/** Replay over real sockets. */
@Timeout(Patience.TEST_SECONDS)
class ReplayServerTest {
    private static final int COUNT = 20_000;
    @TempDir
    private Path folder;

    @Test
    void shouldPlayOnceAtMaxSpeedThenStayConnectedAndSilent() throws IOException {
        try (ReplayServer server = ReplayServer.start(numbered().speed(ReplaySpeed.MAX));
             RawClient client = connect(server)) {
            for (int i = 0; i < COUNT; i++) {
                assertThat(client.read()).isEqualTo("1:{\"n\":" + i + "}");
            }
            await().until(server::isFinished);
            assertThat(server.sentCount()).isEqualTo(COUNT);
            client.write(Opcode.PING, "still there");
            assertThat(client.read()).isEqualTo("10:still there");
        }
    }

    @Test
    void shouldContinueAfterALostConnection() throws IOException {
        try (ReplayServer server = ReplayServer.start(numbered().speed(new ReplaySpeed(5)))) {
            int last = -1;
            for (int i = 0; i < 4; i++) {
                final long before = server.sentCount();
                try (RawClient client = connect(server)) {
                    last = number(client.read(), last);
                    assertThat(last).as("goes on, does not begin again").isGreaterThanOrEqualTo((int) before);
                    for (int k = 0; k < 100; k++) {
                        assertThat(number(client.read(), last)).isEqualTo(last + 1);
                        last++;
                    }
                    server.server().dropConnections();
                }
                final long atLoss = server.sentCount();
                assertThat(server.sentCount()).as("pauses without clients").isEqualTo(atLoss);
            }
            assertThat(server.isFinished()).isFalse();
        }
    }

    @Test
    void shouldPlayAtASpeed() throws IOException {
        final Path file = twoMessages("0\n300000000\n");
        try (ReplayServer server = ReplayServer.start(ReplayServer.Options.of(file));
             RawClient client = connect(server)) {
            assertThat(client.read()).isEqualTo("1:a");
            final long startNs = System.nanoTime();
            assertThat(client.read()).isEqualTo("1:b");
            assertThat(System.nanoTime() - startNs).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    @Test
    void shouldAnswerLikeTheVenue() throws IOException {
        final VenueScript venue = new VenueScript() {
            @Override
            public List<String> onOpen() {
                return List.of("Connected");
            }

            @Override
            public boolean startsOnPath(final String path) {
                return false;
            }

            @Override
            public Answer answer(final byte[] buffer, final int offset, final int length) {
                return new Answer(List.of("ack"), true);
            }
        };
        try (ReplayServer server = ReplayServer.start(numbered().speed(ReplaySpeed.MAX).venue(venue).looping(true));
             RawClient client = connect(server)) {
            assertThat(client.read()).isEqualTo("1:Connected");
            assertThat(server.sentCount()).isZero();
            client.write(Opcode.TEXT, "subscribe");
            assertThat(client.read()).isEqualTo("1:ack");
            for (int i = 0; i < COUNT + 2; i++) {
                assertThat(client.read()).isEqualTo("1:{\"n\":" + i % COUNT + "}");
            }
        }
    }

    @Test
    void shouldCloseAndFailWhenTheRecordingCannotBeRead() throws IOException {
        final Path file = twoMessages("0\nx\n");
        try (ReplayServer server = ReplayServer.start(ReplayServer.Options.of(file));
             RawClient client = connect(server)) {
            assertThat(client.read()).isEqualTo("1:a");
            assertThat(client.read()).isEqualTo("8:1011 recording cannot be read");
            assertThatThrownBy(() -> server.outcome().join()).hasCauseInstanceOf(RecordingException.class)
                .hasMessageContaining("b.rx:2");
            assertThat(server.isFinished()).isFalse();
        }
    }

    @Test
    void shouldReportAPortInUse() {
        try (ReplayServer server = ReplayServer.start(numbered())) {
            assertThatThrownBy(() -> ReplayServer.start(numbered().port(server.port())))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("127.0.0.1:" + server.port());
        }
    }

    private Path twoMessages(final String times) throws IOException {
        write(folder.resolve("b.rx"), times);
        return write(folder.resolve("b.jsonl"), "a\nb\n");
    }

    private static int number(final String frame, final int previous) {
        assertThat(frame).as("after %d", previous).startsWith("1:{\"n\":");
        return Integer.parseInt(frame.substring(7, frame.length() - 1));
    }

    private static RawClient connect(final ReplayServer server) throws IOException {
        return new RawClient(server.port(), "/any/path", 64 * 1024);
    }

    private ReplayServer.Options numbered() {
        final StringBuilder lines = new StringBuilder();
        for (int i = 0; i < COUNT; i++) {
            lines.append("{\"n\":").append(i).append("}\n");
        }
        return ReplayServer.Options.of(write(folder.resolve("a.jsonl"), lines.toString()));
    }
}
