package penstock;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import penstock.telemetry.TelemetryDirectory;
import penstock.telemetry.TelemetryReader;
import picocli.CommandLine.Parameters;

/** Which relay a command reads, without asking it. Owned by the main thread. */
final class TelemetryOptions {
    @Parameters(paramLabel = "DIR", arity = "0..1",
        description = "directory of the relay (telemetry.dir). Default: that of this user's only relay")
    private Path directory;

    /** The directory that was named; else the only one of this user's relays, or the only one whose relay runs. */
    Path directory() throws IOException {
        if (directory != null) {
            return directory;
        }
        final List<Path> all = TelemetryDirectory.all();
        final List<Path> running = all.stream().filter(path -> state(path).equals("running")).toList();
        if (all.size() == 1 || running.size() == 1) {
            return running.size() == 1 ? running.get(0) : all.get(0);
        }
        if (all.isEmpty()) {
            throw new IOException("no relay of this user found in " + TelemetryDirectory.ofUser()
                + "; start one, or name the directory that the relay logs at its start");
        }
        final StringBuilder message = new StringBuilder("several relays found; name the directory of one:");
        all.forEach(path -> message.append("\n  ").append(path).append("  ").append(state(path)));
        throw new IOException(message.toString());
    }


    private static String state(final Path directory) {
        try {
            return TelemetryReader.open(directory).state(System.currentTimeMillis());
        } catch (final IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }
}
