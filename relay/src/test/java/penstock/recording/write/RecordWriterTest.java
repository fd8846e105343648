package penstock.recording.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.RecordConfig;
import penstock.recording.RecordedSpan;
import penstock.recording.Recording;
import penstock.recording.RecordingFiles;
import penstock.recording.RecordingOpener;
import penstock.testkit.RecordedLog;
import penstock.venue.spec.PayloadCodec;

/** What is written, in which files, and what becomes of what cannot be. */
class RecordWriterTest {
    @TempDir
    private Path folder;

    @Test
    void shouldWriteOneMessageALineAndItsReceiveTimeBesideIt() throws IOException {
        final RecordRig rig = new RecordRig(folder);
        rig.recorder.onOpen(1, "wss://venue.example/…");
        rig.text("{\"bid\":1.10}");
        rig.write();
        rig.advanceMs(3);
        rig.text("{\"bid\":1.20}");
        rig.recorder.onClose(1, "upstream_disconnected");
        rig.close();

        final RecordingFiles files = rig.written().get(0);
        assertThat(files.messages()).hasFileName("live-20261201T093000.000Z.jsonl.gz");
        assertThat(unzipped(files.messages())).isEqualTo("{\"bid\":1.10}\n{\"bid\":1.20}\n");
        assertThat(unzipped(files.times())).isEqualTo("""
            #1796117400000000000 begin 1 json boot 0
            #1796117400000000000 open 1 wss://venue.example/…
            1796117400000000000 1 text
            1796117400003000000 1 text
            #1796117400003000000 close 1 upstream_disconnected
            """);
        try (Recording recording = RecordingOpener.open(files.messages())) {
            assertThat(recording.next()).isTrue();
            assertThat(recording.next()).isTrue();
            assertThat(recording.receivedNs()).isEqualTo(RecordRig.BEGIN_NS + 3_000_000);
            assertThat(recording.next()).isTrue();
            assertThat(recording.isBreak()).as("the venue's connection ended").isTrue();
            assertThat(recording.next()).isFalse();
        }
    }

    @Test
    void shouldGiveBackEveryByteOfEveryKindOfMessage() {
        final RecordRig rig = new RecordRig(folder, RecordRig.CONFIG, PayloadCodec.Kind.GZIP);
        final String large = "x".repeat(40_000);
        rig.text("{\n  \"pretty\": true\r\n}");
        rig.text("");
        rig.text("Prices in €");
        rig.text(large);
        rig.binary(zipped("{\"tick\":1}"));
        rig.binary("not gzip".getBytes(StandardCharsets.UTF_8));
        rig.recorder.onFetched(-7, "{\n\"bids\":[]}".getBytes(StandardCharsets.UTF_8));
        rig.close();

        assertThat(RecordRig.read(folder)).containsExactly("TEXT {\n  \"pretty\": true\r\n}", "TEXT ",
            "TEXT Prices in €", "TEXT " + large, "BINARY {\"tick\":1}", "PACKED not gzip", "FETCHED {\n\"bids\":[]}");
    }

    @Test
    void shouldBeReadableUpToTheLastSecondWhileItIsWritten() {
        final RecordRig rig = new RecordRig(folder);
        final List<String> read = new ArrayList<>();
        try (RecordedSpan span = RecordedSpan.following(folder, "live",
                new RecordedSpan.Span(0, Long.MAX_VALUE, false, true))) {
            for (int i = 0; i < 5; i++) {
                assertThat(span.nextEntry()).isFalse();
                rig.text("m" + i);
                rig.second();
                assertThat(span.nextEntry()).isTrue();
                read.add(RecordRig.text(span.entry()));
            }
            assertThat(span.nextEntry()).isFalse();
        }
        assertThat(read).containsExactly("TEXT m0", "TEXT m1", "TEXT m2", "TEXT m3", "TEXT m4");
    }

    @Test
    void shouldBeginAnotherFileBySizeAndByAge() throws IOException {
        final RecordRig rig = new RecordRig(folder, config(1_000, 60_000, 1 << 20), PayloadCodec.Kind.NONE);
        final List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            final String text = "TEXT " + Integer.toHexString(i * 7919) + " " + Integer.toString(i * 104_729, 36);
            sent.add(text);
            rig.text(text.substring(5));
            rig.second();
        }
        final int bySize = rig.written().size();
        assertThat(bySize).isGreaterThan(3);
        rig.advanceMs(60_000);
        rig.second();
        rig.text("last");
        rig.close();
        assertThat(rig.written()).hasSize(bySize + 1);
        sent.add("TEXT last");
        assertThat(RecordRig.read(folder)).isEqualTo(sent);
    }

    @Test
    void shouldKeepOnlySoManyBytesOfAllFilesAndTheOldestGoFirst() throws IOException {
        final RecordRig rig = new RecordRig(folder, config(1_000, 3_600_000, 5_000), PayloadCodec.Kind.NONE);
        final Path foreign = Files.writeString(folder.resolve("notes.jsonl.gz"), "x".repeat(50_000));
        for (int i = 0; i < 2_000; i++) {
            rig.text(Integer.toHexString(i * 7919) + " " + Integer.toString(i * 104_729, 36) + " " + i);
            if (i % 10 == 0) {
                rig.second();
                assertThat(bytes(rig)).as("after %s messages", i).isLessThan(5_000 + 2_000);
            }
        }
        rig.close();
        assertThat(RecordRig.read(folder)).endsWith("TEXT " + Integer.toHexString(1_999 * 7919) + " "
            + Integer.toString(1_999 * 104_729, 36) + " 1999").hasSizeLessThan(1_000);
        assertThat(foreign).as("not ours").exists();
    }

    @Test
    void shouldDeleteWhatEarlierRelaysHaveLeftOnceItIsTooOld() throws IOException {
        for (int i = 0; i < 2; i++) {
            final RecordRig earlier = new RecordRig(folder);
            earlier.advanceMs(i * 1_000);
            earlier.text("m" + i);
            earlier.close();
        }
        final List<RecordingFiles> before = RecordingFiles.in(folder, "live");
        final long newestMs = RecordRig.BEGIN_NS / 1_000_000 + 86_000_000;
        Files.setLastModifiedTime(before.get(0).messages(), FileTime.fromMillis(newestMs - 2 * 86_400_000));
        Files.setLastModifiedTime(before.get(1).messages(), FileTime.fromMillis(newestMs));
        final RecordRig rig = new RecordRig(folder);
        rig.advanceMs(86_400_000);
        rig.text("today");
        rig.second();

        assertThat(rig.written()).hasSize(2).doesNotContain(before.get(0));
        assertThat(before.get(0).times()).doesNotExist();
    }

    @Test
    void shouldDropAndCountWhatFindsNoRoomAndMarkItsPlace() {
        final RecordRig rig = new RecordRig(folder);
        final String text = "x".repeat(1_000);
        final int sent = 100;
        try (RecordedLog log = new RecordedLog(RecordWriter.class.getName())) {
            rig.text("first");
            rig.write();
            for (int i = 0; i < sent; i++) {
                rig.text(text);
            }
            final long refused = rig.recorder.refused();
            assertThat(refused).isBetween(1L, sent - 1L);
            rig.second();
            rig.text("behind");
            rig.second();
            for (int i = 0; i < sent; i++) {
                rig.text(text);
            }
            rig.second();
            rig.close();

            final List<String> entries = RecordRig.read(folder).stream()
                .map(entry -> entry.substring(0, Math.min(entry.length(), 30))).toList();
            assertThat(entries.subList(0, (int) (sent - refused) + 3)).startsWith("TEXT first")
                .endsWith("LOST " + refused + " break", "TEXT behind");
            assertThat(entries.get(entries.size() - 1)).startsWith("LOST");
            assertThat(log.lines()).as("one alarm").singleElement().asString().startsWith("ERROR record: feed live: "
                + "messages are missing in the recording, " + refused + " so far");
            for (int i = 0; i < 61; i++) {
                rig.second();
            }
            assertThat(log.lines()).hasSize(2).last().asString()
                .startsWith("INFO record: feed live is recorded in full");
        }
    }

    @Test
    void shouldTakeNoMoreMemoryForLargeMessagesThanTheBufferHas() {
        final RecordRig rig = new RecordRig(folder);
        rig.text("x".repeat(60_000));
        rig.text("y".repeat(60_000));
        assertThat(rig.recorder.refused()).isEqualTo(1);
        rig.write();
        rig.text("z".repeat(60_000));
        rig.close();
        assertThat(RecordRig.read(folder)).extracting(text -> text.substring(0, 6))
            .containsExactly("TEXT x", "LOST 1", "TEXT z");
    }

    @Test
    void shouldMakeNoGarbageOnTheThreadOfTheFeed() {
        final RecordRig rig = new RecordRig(folder);
        final byte[] message =
            "{\"s\":\"BTCUSDT\",\"b\":\"61685.99\",\"a\":\"61686.00\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(Garbage.of(() -> {
            for (int i = 0; i < 200; i++) {
                rig.recorder.onMessage(true, 1, i, message, 0, message.length);
            }
        }, 20, rig::write)).isZero();
        assertThat(rig.recorder.refused()).isZero();
    }

    @Test
    void shouldReadTheFilesOfThePage() throws IOException {
        final List<String> lines = Files.readAllLines(Path.of("docs/how-to/record-and-replay.md")).stream()
            .filter(line -> line.matches("#?17961[0-9]{14} .*")).toList();
        assertThat(lines).hasSize(6);
        final List<String> times = new ArrayList<>(lines.subList(2, 4));
        times.addAll(lines.subList(0, 2));
        times.addAll(lines.subList(4, 6));
        final Path messages = folder.resolve("live-20261201T093000.000Z.jsonl.gz");
        Files.write(messages, zipped("one\ntwo\n"));
        Files.write(folder.resolve("live-20261201T093000.000Z.rx.gz"), zipped(String.join("\n", times) + "\n"));

        assertThat(RecordRig.read(folder)).containsExactly("OPEN 1", "TEXT one", "TEXT two", "LOST 12 break",
            "CLOSE 1 break");
    }

    private static RecordConfig config(final long maxSize, final long maxAgeMs, final long keep) {
        return new RecordConfig(maxSize, maxAgeMs, keep, 86_400_000, 64 << 10);
    }

    private static long bytes(final RecordRig rig) throws IOException {
        long bytes = 0;
        for (final RecordingFiles each : rig.written()) {
            bytes += Files.size(each.messages()) + Files.size(each.times());
        }
        return bytes;
    }

    private static String unzipped(final Path file) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] zipped(final String text) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
