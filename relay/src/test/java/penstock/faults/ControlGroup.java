package penstock.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A control group of its own in a hierarchy of version 1, and gone at the end. One thread. */
final class ControlGroup implements AutoCloseable {
    private static final int TRIES = 100;

    private final Path root;
    private final Path folder;

    /** Of a controller like {@code cpu}; skips the scenario where that needs what this process does not have. */
    ControlGroup(final String controller) throws FaultsCommand.SkippedException {
        root = Path.of("/sys/fs/cgroup", controller);
        folder = root.resolve("penstock-faults-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(folder);
        } catch (final IOException e) {
            throw new FaultsCommand.SkippedException(
                "it needs root and the " + controller + " controller of cgroup version 1: " + e);
        }
    }

    void set(final String file, final String value) throws IOException {
        Files.writeString(folder.resolve(file), value);
    }

    /** Moves a process ({@code cgroup.procs}) or a thread ({@code tasks}) into the group. */
    void add(final String file, final long id) throws IOException {
        set(file, Long.toString(id));
    }

    /** Waits for those in it to end, or moves them out. */
    @Override
    public void close() throws IOException {
        if (Files.exists(folder.resolve("freezer.state"))) {
            set("freezer.state", "THAWED");
        }
        for (int i = 0; i < TRIES && Files.exists(folder); i++) {
            try {
                for (final String id : Files.readAllLines(folder.resolve("tasks"))) {
                    Files.writeString(root.resolve("tasks"), id);
                }
                Files.delete(folder);
            } catch (final IOException e) {
                // a process that ends is in it for a moment
                FaultRun.sleepMs(50);
            }
        }
        Files.deleteIfExists(folder);
    }
}
