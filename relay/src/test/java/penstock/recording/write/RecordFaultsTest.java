package penstock.recording.write;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import penstock.recording.RecordingFiles;
import penstock.testkit.RecordedLog;

/** A disk that is full at any byte, and a relay that is killed at any byte of a write. */
class RecordFaultsTest {
    @TempDir
    private Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger("penstock.recording.write");

    @BeforeEach
    void printNothing() {
        logger.setAdditive(false);
    }

    @AfterEach
    void printAgain() {
        logger.setAdditive(true);
    }

    @Test
    void shouldLoseOnlyWhatAFullDiskDoesNotTakeAndSayHowMuchThatIs() throws IOException {
        try (RecordedLog log = new RecordedLog("penstock.recording.write")) {
            for (int room = 0; room < 700; room += 13) {
                final Path directory = Files.createDirectory(folder.resolve("room-" + room));
                final RecordRig rig = new RecordRig(directory);
                rig.disk.room(room);
                for (int i = 0; i < 30; i++) {
                    rig.text("{\"n\":" + i + ",\"p\":" + i * 7919 + "}");
                    rig.second();
                }
                rig.disk.room(1 << 20);
                rig.advanceMs(5_000);
                rig.text("after");
                rig.close();

                final List<String> entries = RecordRig.read(directory);
                final long read = entries.stream().filter(entry -> entry.startsWith("TEXT {")).count();
                final long marked = entries.stream().filter(entry -> entry.startsWith("LOST"))
                    .mapToLong(entry -> Long.parseLong(entry.split(" ")[1])).sum();
                assertThat(read + marked).as("room %s: %s", room, entries).isEqualTo(30);
                assertThat(rig.files.lost()).isEqualTo(marked);
                assertThat(rig.files.messages()).isEqualTo(read + 1);
                assertThat(rig.files.failure()).isNull();
                assertThat(entries).last().isEqualTo("TEXT after");
                for (int i = 0; i < read; i++) {
                    assertThat(entries.get(i)).startsWith("TEXT {\"n\":" + i + ",");
                }
            }
            final long rooms = 700 / 13 + 1;
            assertThat(log.lines().stream().filter(line -> line.startsWith("ERROR"))).as("one alarm each")
                .hasSize((int) rooms).allMatch(line -> line.contains("No space left on device; the feed goes on"));
            assertThat(log.lines().stream().filter(line -> line.startsWith("INFO"))).hasSize((int) rooms);
        }
    }

    @Test
    void shouldBeReadableAfterAKillAtAnyByte() throws IOException {
        final RecordRig rig = new RecordRig(folder.resolve("whole"));
        final List<String> sent = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            sent.add("TEXT {\"n\":" + i + ",\"p\":" + i * 104_729 + "}");
            rig.text(sent.get(i).substring(5));
            rig.second();
        }
        final RecordingFiles whole = rig.written().get(0);
        final byte[] messages = Files.readAllBytes(whole.messages());
        final byte[] times = Files.readAllBytes(whole.times());
        for (int cut = 0; cut < messages.length; cut += 5) {
            final Path directory = Files.createDirectory(folder.resolve("cut-" + cut));
            write(directory.resolve(whole.messages().getFileName()), messages, cut);
            write(directory.resolve(whole.times().getFileName()), times, times.length);
            assertThat(RecordRig.read(directory)).as("cut at %s", cut).isEqualTo(
                sent.subList(0, RecordRig.read(directory).size()));

            final RecordRig again = new RecordRig(directory);
            again.advanceMs(60_000);
            again.text("again");
            again.close();
            final List<String> entries = RecordRig.read(directory);
            assertThat(entries).as("cut at %s", cut).endsWith("LOST 0 break", "TEXT again");
            assertThat(entries.subList(0, entries.size() - 2)).isEqualTo(sent.subList(0, entries.size() - 2));
        }
    }

    private static void write(final Path file, final byte[] bytes, final int length) throws IOException {
        Files.write(file, Arrays.copyOf(bytes, length));
    }
}
