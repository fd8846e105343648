package penstock.telemetry;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** Which relay a command reads, without asking it. Owned by the main thread. */
public final class TelemetryOptions {
    @Parameters(paramLabel = "DIR", arity = "0..1",
        description = "directory of the relay (telemetry.dir). "
            + "Default: PENSTOCK_TELEMETRY_DIR, else that of this user's only relay")
    private Path directory;

    /** The directory that was named; else the only one of the relays that {@link TelemetryDirectory} finds. */
    public Path directory() throws IOException {
        return directory != null ? directory : TelemetryDirectory.only(System.getenv("PENSTOCK_TELEMETRY_DIR"));
    }
}
