package penstock.nats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files with secrets. Stateless. */
final class SecretFile {
    private static final int MAX_BYTES = 64 << 10;

    private SecretFile() {
    }

    /** The whole file. */
    static String text(final Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file " + file);
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("the file " + file + " has more than " + MAX_BYTES + " bytes");
        }
        return Files.readString(file, StandardCharsets.UTF_8).strip();
    }

    /** The only line of the file. */
    static char[] line(final Path file) throws IOException {
        final String secret = text(file);
        if (secret.isEmpty() || secret.chars().anyMatch(c -> c < ' ')) {
            throw new IOException("the file " + file + " must have one line");
        }
        return secret.toCharArray();
    }
}
