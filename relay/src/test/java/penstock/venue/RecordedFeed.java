package penstock.venue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A recording of a venue: {@code NAME.jsonl} or {@code NAME.jsonl.gz} and the receive times beside it.
 *
 * @param venue name of the venue file that reads it
 * @param name  for messages of tests
 * @param file  one message per line
 */
public record RecordedFeed(String venue, String name, Path file) {
    /** The messages. */
    public List<byte[]> frames() {
        return Recordings.lines(file);
    }

    /** Receive time of each message in nanoseconds. */
    public List<Long> timesNs() {
        final String path = file.toString().replaceFirst("\\.jsonl(\\.gz)?$", "");
        final Path plain = Path.of(path + ".rx");
        return Recordings.lines(Files.exists(plain) ? plain : Path.of(path + ".rx.gz")).stream()
            .map(line -> Long.parseLong(Recordings.text(line))).toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
