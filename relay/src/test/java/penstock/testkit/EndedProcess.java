package penstock.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process that has ended, and what it printed. */
public record EndedProcess(int code, String out, String err) {
    /** Runs a process to its end, or kills it when it takes too long; {@code folder} keeps what it prints. */
    public static EndedProcess run(final ProcessBuilder builder, final Path folder)
            throws IOException, InterruptedException {
        final Path out = folder.resolve("out");
        final Path err = folder.resolve("err");
        final Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new EndedProcess(process.waitFor(), Files.readString(out), Files.readString(err));
    }
}
