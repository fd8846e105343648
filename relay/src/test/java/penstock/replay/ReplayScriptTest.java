package penstock.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static penstock.recording.RecordingTexts.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.recording.RecordedSpan;
import penstock.recording.RecordingClock;
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
    void shouldCloseItsClientsWhereTheRecordedConnectionEndedAndGoOnWithTheNext() {
        recorded("1 1 text", "#1 close 1 upstream_silent", "2 2 text");
        final ReplayScript script = new ReplayScript(RecordingOpener.open(folder), VenueScript.NONE, ReplaySpeed.MAX,
            false);
        script.onOpen(client, T0);
        assertThat(script.onTurn(T0, outlet)).isEqualTo(FeedScript.NEVER);
        assertThat(client.received).containsExactly("m0");
        assertThat(client.closed).startsWith("1012");
        script.onClosed(client, T0);
        final ListeningClient next = new ListeningClient("/");
        script.onOpen(next, T0 + 5);
        script.onTurn(T0 + 5, outlet);
        assertThat(next.received).containsExactly("m1");
    }

    @Test
    void shouldPlayEachMessageALagAfterItsReceiptAndNeverEarlier() {
        recorded("1000 1 text", "1400 1 text");
        final long[] nowNs = {1_000};
        final RecordedSpan span = RecordedSpan.of(folder, "live", new RecordedSpan.Span(0, Long.MAX_VALUE, true, true));
        final ReplayScript script = new ReplayScript(span, VenueScript.NONE, ReplaySpeed.RECORDED, false,
            new ReplayLag(span, new RecordingClock(() -> nowNs[0], 1_000, "boot"), 900), () -> nowNs[0]);
        script.onOpen(client, nowNs[0]);
        nowNs[0] = 1_899;
        assertThat(script.onTurn(nowNs[0], outlet)).isEqualTo(1_900);
        assertThat(client.received).isEmpty();
        nowNs[0] = 1_900;
        assertThat(script.onTurn(nowNs[0], outlet)).isEqualTo(2_300);
        assertThat(client.received).containsExactly("m0");
        nowNs[0] = 2_300;
        assertThat(script.onTurn(nowNs[0], outlet)).as("looks for more").isBetween(2_301L, 2_000_000_000L);
        assertThat(client.received).containsExactly("m0", "m1");
        assertThat(script.outcome()).isNotDone();
    }

    @Test
    void shouldPlayASpanOfTime() {
        recorded("1000 1 text", "1400 1 text", "2000 1 text");
        final RecordedSpan span = RecordedSpan.of(folder, null, new RecordedSpan.Span(1_400, 2_000, false, false));
        final ReplayScript script = new ReplayScript(span, VenueScript.NONE, ReplaySpeed.RECORDED, false);
        script.onOpen(client, T0);
        script.onTurn(T0, outlet);
        assertThat(client.received).containsExactly("m1");
        assertThat(script.outcome()).isCompleted();
    }

    @Test
    void shouldReadTimesAndLags() {
        final Instant now = Instant.parse("2026-12-01T09:30:00.5Z");
        assertThat(ReplaySpan.ns("2026-12-01T09:30:00Z", now)).isEqualTo(1_796_117_400_000_000_000L);
        assertThat(ReplaySpan.ns("2026-12-01T09:30", now)).isEqualTo(1_796_117_400_000_000_000L);
        assertThat(ReplaySpan.ns("2026-12-01T10:30:00+01:00", now)).isEqualTo(1_796_117_400_000_000_000L);
        assertThat(ReplaySpan.ns("-1h30m", now)).isEqualTo(1_796_117_400_500_000_000L - 5_400_000_000_000L);
        assertThat(ReplaySpan.lagNs("15m")).isEqualTo(900_000_000_000L);
        for (final String wrong : List.of("", "-", "yesterday", "09:30", "-5x", "2026-13-01T00:00:00Z")) {
            assertThatThrownBy(() -> ReplaySpan.ns(wrong, now)).as(wrong).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is expected");
        }
        assertThatThrownBy(() -> ReplaySpan.lagNs("0s")).hasMessageContaining("above 0");
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

    /** Writes what a relay records; each line that is no mark is of a message. */
    private void recorded(final String... times) {
        final StringBuilder messages = new StringBuilder();
        for (int i = 0; i < Stream.of(times).filter(line -> !line.startsWith("#")).count(); i++) {
            messages.append('m').append(i).append('\n');
        }
        write(folder.resolve("live-19700101T000000.000Z.jsonl.gz"), messages.toString());
        write(folder.resolve("live-19700101T000000.000Z.rx.gz"), "#1 begin 1 json - 1\n" + String.join("\n", times)
            + "\n");
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
