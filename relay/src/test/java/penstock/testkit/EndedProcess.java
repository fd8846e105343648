package penstock.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process that has ended, and what it printed. */
public record EndedProcess(int code, String out, String err) {
    private static final int MOST_SECONDS = 20;

    /** Runs a process to its end, or kills it after 20 s; {@code folder} keeps what it prints. */
    public static EndedProcess run(final ProcessBuilder builder, final Path folder)
            throws IOException, InterruptedException {
        final Path out = folder.resolve("out");
        final Path err = folder.resolve("err");
        final Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new EndedProcess(process.waitFor(), Files.readString(out), Files.readString(err));
    }
}
