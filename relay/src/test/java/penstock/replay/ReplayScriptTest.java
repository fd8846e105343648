package penstock.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static penstock.recording.RecordingTexts.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.recording.RecordingException;
import penstock.recording.RecordingOpener;

/** The playback alone, with a manual clock. */
class ReplayScriptTest {
    private static final long T0 = 5_000_000_000L;
    @TempDir
    private Path folder;
    private final OpenOutlet outlet = new OpenOutlet();
    private final ListeningClient client = new ListeningClient("/");

    @Test
    void shouldPlayAtTheRecordedSpeed() {
        final ReplayScript script = timed(ReplaySpeed.RECORDED, false, 1_000, 1_400, 2_000);
        script.onOpen(client, T0);
        assertThat(script.onTurn(T0, outlet)).isEqualTo(T0 + 400);
        assertThat(client.received).containsExactly("m0");
        assertThat(script.onTurn(T0 + 399, outlet)).isEqualTo(T0 + 400);
        assertThat(script.onTurn(T0 + 400, outlet)).isEqualTo(T0 + 1_000);
        assertThat(script.onTurn(T0 + 5_000, outlet)).isEqualTo(FeedScript.NEVER);
        assertThat(client.received).containsExactly("m0", "m1", "m2");
        assertThat(script.sentCount()).isEqualTo(3);
        assertThat(script.outcome()).isCompleted();
    }

    @Test
    void shouldScaleTheRecordedSpeed() {
        final ReplayScript script = timed(new ReplaySpeed(4), false, 1_000, 1_400, 2_000);
        script.onOpen(client, T0);
        assertThat(script.onTurn(T0, outlet)).isEqualTo(T0 + 100);
        assertThat(script.onTurn(T0 + 100, outlet)).isEqualTo(T0 + 250);
    }

    @Test
    void shouldPlayAThousandPerSecondWhenNoTimesWereRecorded() {
        final ReplayScript script = script(ReplaySpeed.parse("2"), false, VenueScript.NONE, "m0\nm1\nm2\n");
        script.onOpen(client, T0);
        assertThat(script.onTurn(T0, outlet)).isEqualTo(T0 + 500_000);
        assertThat(script.onTurn(T0 + 500_000, outlet)).isEqualTo(T0 + 1_000_000);
    }

    @Test
    void shouldNotGoBackWithTheRecordersClock() {
        final ReplayScript script = timed(ReplaySpeed.RECORDED, false, 1_000, 900, 1_100);
        script.onOpen(client, T0);
        assertThat(script.onTurn(T0, outlet)).isEqualTo(T0 + 100);
        assertThat(client.received).containsExactly("m0", "m1");
    }

    @Test
    void shouldPauseWithoutRoomAndLoseNothing() {
        final ReplayScript script = script(ReplaySpeed.MAX, false, VenueScript.NONE, "a\nb\nc\nd\n");
        script.onOpen(client, T0);
        outlet.room = 3;
        assertThat(script.onTurn(T0, outlet)).isLessThanOrEqualTo(T0);
        assertThat(client.received).containsExactly("a", "b", "c");
        outlet.room = Integer.MAX_VALUE;
        script.onTurn(T0, outlet);
        assertThat(client.received).containsExactly("a", "b", "c", "d");
    }

    @Test
    void shouldFinishOnlyWhenTheSocketsHaveAcceptedAll() {
        final ReplayScript script = script(ReplaySpeed.MAX, false, VenueScript.NONE, "a\n");
        script.onOpen(client, T0);
        outlet.isDrained = false;
        assertThat(script.onTurn(T0, outlet)).isLessThanOrEqualTo(T0);
        assertThat(script.outcome()).isNotDone();
        outlet.isDrained = true;
        assertThat(script.onTurn(T0, outlet)).isEqualTo(FeedScript.NEVER);
        assertThat(script.outcome()).isCompleted();
        assertThat(client.closed).as("stays connected, silent").isNull();
    }

    @Test
    void shouldRestartWhenLooping() {
        final ReplayScript script = timed(ReplaySpeed.RECORDED, true, 1_000, 1_400);
        script.onOpen(client, T0);
        assertThat(script.onTurn(T0, outlet)).isEqualTo(T0 + 400);
        assertThat(script.onTurn(T0 + 400, outlet)).isEqualTo(T0 + 800);
        assertThat(script.onTurn(T0 + 800, outlet)).isEqualTo(T0 + 1_200);
        assertThat(client.received).containsExactly("m0", "m1", "m0", "m1", "m0");
    }

    @Test
    void shouldPauseWithoutClientsAndContinue() {
        final ReplayScript script = timed(ReplaySpeed.RECORDED, false, 1_000, 1_400, 2_000);
        script.onOpen(client, T0);
        script.onTurn(T0, outlet);
        script.onClosed(client, T0 + 100);
        assertThat(script.onTurn(T0 + 100, outlet)).isEqualTo(FeedScript.NEVER);
        final ListeningClient next = new ListeningClient("/");
        script.onOpen(next, T0 + 10_100);
        assertThat(script.onTurn(T0 + 10_100, outlet)).isEqualTo(T0 + 10_400);
        script.onTurn(T0 + 10_400, outlet);
        assertThat(next.received).containsExactly("m1");
    }

    @Test
    void shouldLetALaterClientJoinAtTheCurrentPosition() {
        final ReplayScript script = timed(ReplaySpeed.RECORDED, false, 1_000, 1_400, 2_000);
        script.onOpen(client, T0);
        script.onTurn(T0, outlet);
        final ListeningClient later = new ListeningClient("/");
        script.onOpen(later, T0 + 1);
        script.onTurn(T0 + 1_000, outlet);
        assertThat(later.received).containsExactly("m1", "m2");
        assertThat(client.received).containsExactly("m0", "m1", "m2");
    }

    @Test
    void shouldGreetAnswerAndStartOnASubscription() {
        final ReplayScript script = script(ReplaySpeed.MAX, false, new LoginVenue(), "m0\n");
        script.onOpen(client, T0);
        assertThat(script.onTurn(T0, outlet)).isEqualTo(FeedScript.NEVER);
        say(script, "what");
        assertThat(script.onTurn(T0, outlet)).isEqualTo(FeedScript.NEVER);
        say(script, "subscribe");
        script.onTurn(T0, outlet);
        assertThat(client.received).containsExactly("Connected", "?", "ok", "m0");
    }

    @Test
    void shouldStartOnAPathThatSubscribes() {
        final ReplayScript script = script(ReplaySpeed.MAX, false, new LoginVenue(), "m0\n");
        final ListeningClient onPath = new ListeningClient("/stream?streams=x");
        script.onOpen(client, T0);
        script.onOpen(onPath, T0);
        script.onTurn(T0, outlet);
        assertThat(onPath.received).containsExactly("Connected", "m0");
        assertThat(client.received).containsExactly("Connected");
    }

    @Test
    void shouldCloseWithAnErrorWhenTheRecordingCannotBeRead() {
        write(folder.resolve("a.rx"), "1\nnonsense\n");
        final ReplayScript script = script(ReplaySpeed.MAX, false, VenueScript.NONE, "m0\nm1\n");
        script.onOpen(client, T0);
        assertThat(script.onTurn(T0, outlet)).isEqualTo(FeedScript.NEVER);
        assertThat(client.received).containsExactly("m0");
        assertThat(client.closed).startsWith("1011");
        assertThatThrownBy(() -> script.outcome().join()).hasRootCauseInstanceOf(RecordingException.class)
            .hasMessageContaining("a.rx:2");
    }

    @Test
    void shouldEndAtOnceWhenTheRecordingIsEmpty() {
        final ReplayScript script = script(ReplaySpeed.MAX, true, VenueScript.NONE, "");
        script.onOpen(client, T0);
        assertThat(script.onTurn(T0, outlet)).isEqualTo(FeedScript.NEVER);
        assertThat(script.outcome()).isCompleted();
    }

    @Test
    void shouldReadSpeeds() {
        assertThat(ReplaySpeed.parse("max").isMax()).isTrue();
        assertThat(ReplaySpeed.parse("2.5").factor()).isEqualTo(2.5);
        for (final String wrong : List.of("0", "-1", "fast", "NaN", "Infinity", "")) {
            assertThatThrownBy(() -> ReplaySpeed.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("speed must be");
        }
    }

    private void say(final ReplayScript script, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        script.onText(client, bytes, 0, bytes.length);
    }

    private ReplayScript timed(final ReplaySpeed speed, final boolean isLooping, final long... times) {
        final StringBuilder messages = new StringBuilder();
        final StringBuilder receivedNs = new StringBuilder();
        for (int i = 0; i < times.length; i++) {
            messages.append('m').append(i).append('\n');
            receivedNs.append(times[i]).append('\n');
        }
        write(folder.resolve("a.rx"), receivedNs.toString());
        return script(speed, isLooping, VenueScript.NONE, messages.toString());
    }

    private ReplayScript script(final ReplaySpeed speed, final boolean isLooping, final VenueScript venue,
            final String messages) {
        return new ReplayScript(RecordingOpener.open(write(folder.resolve("a.jsonl"), messages)), venue, speed,
            isLooping);
    }

    private static final class LoginVenue implements VenueScript {
        @Override
        public List<String> onOpen() {
            return List.of("Connected");
        }

        @Override
        public boolean startsOnPath(final String path) {
            return path.startsWith("/stream?");
        }

        @Override
        public Answer answer(final byte[] buffer, final int offset, final int length) {
            final boolean starts = new String(buffer, offset, length, StandardCharsets.UTF_8).equals("subscribe");
            return new Answer(List.of(starts ? "ok" : "?"), starts);
        }
    }
}
