package penstock.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How long the kernel has let some threads wait for a core although they were ready to run: what the machine, and not
 * the program, adds to a delay. 0 where the kernel does not tell. One thread.
 */
final class RunQueueWait implements AutoCloseable {
    /** How long, and in how many turns. */
    record Waits(long ns, long turns) {
        /** From {@code before} to these. */
        long nsSince(final Waits before) {
            return ns - before.ns;
        }

        /** The mean before one turn. */
        long nsPerTurnSince(final Waits before) {
            return turns == before.turns ? ns - before.ns : (ns - before.ns) / (turns - before.turns);
        }
    }

    private final List<RandomAccessFile> files = new ArrayList<>();
    private final byte[] buffer = new byte[128];

    /** Of the threads of process {@code pid} with these names. */
    RunQueueWait(final long pid, final Set<String> names) throws IOException {
        final Path tasks = Path.of("/proc/" + pid + "/task");
        if (Files.isReadable(tasks)) {
            try (DirectoryStream<Path> each = Files.newDirectoryStream(tasks)) {
                for (final Path task : each) {
                    if (names.contains(Files.readString(task.resolve("comm")).trim())) {
                        files.add(new RandomAccessFile(task.resolve("schedstat").toFile(), "r"));
                    }
                }
            }
        }
    }

    /** Of the calling thread too. */
    RunQueueWait andThisThread() throws IOException {
        final Path own = Path.of("/proc/thread-self/schedstat");
        if (Files.isReadable(own)) {
            files.add(new RandomAccessFile(own.toRealPath().toFile(), "r"));
        }
        return this;
    }

    /** Reads how long they waited, and how often they ran, since they began. */
    Waits read() throws IOException {
        long ns = 0;
        long turns = 0;
        for (final RandomAccessFile file : files) {
            file.seek(0);
            final int length = Math.max(0, file.read(buffer));
            // time on a core, time of waiting for one, number of turns
            final String[] times = new String(buffer, 0, length, StandardCharsets.US_ASCII).trim().split(" ");
            if (times.length == 3) {
                ns += Long.parseLong(times[1]);
                turns += Long.parseLong(times[2]);
            }
        }
        return new Waits(ns, turns);
    }

    @Override
    public void close() throws IOException {
        for (final RandomAccessFile file : files) {
            file.close();
        }
    }
}
