package penstock.recording.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.RecordedLog;

/** Two relays, as two holders of directories. */
class RecordFoldersTest {
    @TempDir
    private Path folder;

    @Test
    void shouldHoldADirectoryUnderEachOfItsNamesUntilItIsClosed() throws IOException {
        final Path record = folder.resolve("record");
        final Path alias = Files.createSymbolicLink(folder.resolve("alias"), folder);
        try (RecordFolders second = new RecordFolders("process 2")) {
            try (RecordFolders first = new RecordFolders("process 1")) {
                first.hold(record);
                first.hold(alias.resolve("record"));
                first.refuseHeld(record);
                for (final Path each : List.of(record, alias.resolve("record"))) {
                    assertThatThrownBy(() -> second.hold(each)).isInstanceOf(RecordFolders.HeldException.class)
                        .hasMessage(each + ": another relay records here (process 1): give each relay a directory of "
                        + "its own");
                    assertThatThrownBy(() -> second.refuseHeld(each)).isInstanceOf(RecordFolders.HeldException.class);
                }
                second.hold(folder.resolve("other"));
            }
            second.refuseHeld(record);
            second.hold(record);
            try (RecordFolders third = new RecordFolders("process 3")) {
                assertThatThrownBy(() -> third.hold(record)).hasMessageContaining("(process 2)");
            }
        }
    }

    @Test
    void shouldCreateNothingToLookWhetherADirectoryIsHeld() throws IOException {
        try (RecordFolders folders = new RecordFolders("process 1")) {
            folders.refuseHeld(folder.resolve("record"));
            assertThat(folder).isEmptyDirectory();
        }
    }

    /** The directory could not be held at the start, because the disk failed; another relay has taken it since. */
    @Test
    void shouldRecordNothingWhereAnotherRelayRecords() throws IOException {
        final RecordRig rig = new RecordRig(folder);
        try (RecordedLog log = new RecordedLog("penstock.recording.write");
             RecordFolders other = new RecordFolders("process 1")) {
            other.hold(folder);
            rig.text("lost");
            rig.second();
            assertThat(rig.files.failure()).contains("another relay records here (process 1)");
            assertThat(rig.written()).isEmpty();
            assertThat(log.lines()).filteredOn(line -> line.startsWith("ERROR")).hasSize(1);
        }
        rig.advanceMs(5_000);
        rig.text("recorded");
        rig.close();
        assertThat(RecordRig.read(folder)).containsExactly("LOST 1 break", "TEXT recorded");
    }
}
