package penstock.usage.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Opens the files that the ledger appends to. */
@FunctionalInterface
public interface LedgerDisk {
    /** Files of this machine; new ones are readable for the relay's user and group alone: they name people. */
    LedgerDisk LOCAL = file -> FileChannel.open(file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), attributes("rw-r-----"));

    /**
     * Opens a file for writing at any position, and creates it if there is none.
     *
     * @throws IOException if it cannot be opened
     */
    FileChannel open(Path file) throws IOException;

    private static FileAttribute<?>[] attributes(final String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
            : new FileAttribute<?>[0];
    }
}
