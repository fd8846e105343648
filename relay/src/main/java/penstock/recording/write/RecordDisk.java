package penstock.recording.write;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where recordings are written. Tests replace it by a disk with little room. Owned by the thread {@code record}. */
@FunctionalInterface
interface RecordDisk {
    /** The file system. What a venue sends to an account is for the operator and the group alone. */
    RecordDisk LOCAL = file -> Files.newByteChannel(file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))}
            : new FileAttribute<?>[0]);

    /** Creates a file, which must not exist. */
    SeekableByteChannel create(Path file) throws IOException;
}
