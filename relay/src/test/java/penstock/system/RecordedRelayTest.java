package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.recording.Recording;
import penstock.recording.RecordingException;
import penstock.recording.RecordingOpener;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;

/** What a relay records, played to another one, gives the same updates. */
class RecordedRelayTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"binance", "huobi"})
    void shouldRecordWhatReplaysToTheSameUpdates(final String venue) throws IOException {
        final Path sample = Path.of("src/test/resources/recordings/" + venue + ".jsonl");
        final Path record = folder.resolve("record");
        final List<String> sent = Files.readAllLines(sample);
        final Map<String, String> first = new TreeMap<>();
        relayed(venue, sample, rig -> {
            // the directory is there, and locked, before its first file
            await("recorded").ignoreExceptionsInstanceOf(RecordingException.class)
                .until(() -> recorded(record).containsAll(sent));
            first.putAll(values(rig));
        }, "feed.record=" + record);
        assertThat(recorded(record)).containsSubsequence(sent);
        assertThat(first).isNotEmpty();

        relayed(venue, record, rig -> await("the same values")
            .untilAsserted(() -> assertThat(values(rig)).isEqualTo(first)));
    }

    private interface Part {
        void run(RelayRig rig) throws IOException;
    }

    private static void relayed(final String venue, final Path recording, final Part part, final String... settings)
            throws IOException {
        final List<String> all = new ArrayList<>(List.of(settings));
        all.add("feed.values=venue");
        try (ReplayServer replay = ReplayServer.start(ReplayServer.Options.of(recording)
                .venue(VenueFileScript.load(venue)).speed(ReplaySpeed.MAX));
             RelayRig rig = new RelayRig(venue, replay.url("/stream"), all.toArray(String[]::new))) {
            await("the recording's end").until(replay::isFinished);
            part.run(rig);
        }
    }

    /** The newest value of each symbol, and how many there were. */
    private static Map<String, String> values(final RelayRig rig) {
        final Subscriber all = rig.fleet.open("/v1/ws?symbols=*&interval=0", 0);
        await("images").until(() -> all.isSnapshotDone);
        final Map<String, String> values = new TreeMap<>();
        all.seen.forEach((symbol, seen) -> values.put(symbol, seen.q() + " "
            + new String(seen.value(), StandardCharsets.UTF_8)));
        rig.fleet.remove(all);
        return values;
    }

    private static List<String> recorded(final Path directory) {
        final List<String> texts = new ArrayList<>();
        try (Recording recording = RecordingOpener.open(directory)) {
            while (recording.next()) {
                if (!recording.isBreak()) {
                    texts.add(new String(recording.buffer(), recording.offset(), recording.length(),
                        StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }
}
