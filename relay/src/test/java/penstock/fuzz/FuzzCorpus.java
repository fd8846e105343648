package penstock.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the examples of a fuzz target as files, from which a search starts. */
public final class FuzzCorpus {
    private FuzzCorpus() {
    }

    /** {@code args}: the target, {@code frames}, {@code requests} or {@code venues}, and the folder. */
    public static void main(final String[] args) throws IOException {
        final List<byte[]> examples = switch (args[0]) {
            case "frames" -> FrameFuzz.examples();
            case "requests" -> RequestFuzz.examples();
            case "venues" -> VenueFuzz.examples();
            default -> throw new IllegalArgumentException(args[0]);
        };
        final Path folder = Files.createDirectories(Path.of(args[1]));
        for (int i = 0; i < examples.size(); i++) {
            Files.write(folder.resolve("example-" + i), examples.get(i));
        }
    }
}
