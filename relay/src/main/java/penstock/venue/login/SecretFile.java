package penstock.venue.login;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a value from a file: all of it, without the line feed at its end. Stateless. */
final class SecretFile {
    /** More is no key and no token. */
    static final int MAX_BYTES = 64 << 10;

    private SecretFile() {
    }

    static String read(final String path) throws LoginException {
        final Path file = Path.of(path);
        // a pipe would block until somebody writes
        if (!Files.isRegularFile(file)) {
            throw new LoginException("file " + path + (Files.exists(file) ? " is no regular file" : " does not exist"));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return text("file " + path, in.readNBytes(MAX_BYTES + 1));
        } catch (final NoSuchFileException e) {
            throw new LoginException("file " + path + " does not exist");
        } catch (final IOException e) {
            throw new LoginException("file " + path + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** The text of a file or of a command's output; {@code what} names it in messages, which have no byte of it. */
    static String text(final String what, final byte[] bytes) throws LoginException {
        if (bytes.length > MAX_BYTES) {
            throw new LoginException(what + " has more than " + MAX_BYTES + " bytes");
        }
        final String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (final CharacterCodingException e) {
            throw new LoginException(what + " has no text in UTF-8");
        }
        final String value = text.endsWith("\r\n") ? text.substring(0, text.length() - 2)
            : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        if (value.isEmpty()) {
            throw new LoginException(what + " is empty");
        }
        return value;
    }
}
