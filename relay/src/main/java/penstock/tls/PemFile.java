package penstock.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of one PEM file (RFC 7468), in order.
 *
 * @param place  the configuration's key and the file, for messages
 * @param blocks what stands between BEGIN and END lines
 */
record PemFile(String place, List<Block> blocks) {
    private static final Pattern BLOCK =
        Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\R(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final int MAX_BYTES = 4 << 20;

    /**
     * One block.
     *
     * @param label       what the BEGIN line names
     * @param der         the decoded bytes; of an encrypted block they are of no use
     * @param isEncrypted a password protects it
     */
    record Block(String label, byte[] der, boolean isEncrypted) {
    }

    /**
     * Reads {@code file}.
     *
     * @param key the configuration's key that names the file
     * @throws IllegalArgumentException with place and remedy
     */
    static PemFile read(final String key, final Path file) {
        final String place = key + ": " + file;
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(place + ": "
                + (Files.isDirectory(file) ? "is a directory; name a file in it"
                : "no such file; looked for " + file.toAbsolutePath().normalize()));
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(place + ": has more than " + (MAX_BYTES >> 20)
                    + " MiB; name a PEM file");
            }
            return new PemFile(place, blocks(place, Files.readString(file, StandardCharsets.ISO_8859_1)));
        } catch (final IOException e) {
            throw new IllegalArgumentException(place + ": cannot be read; let the user of the relay read it", e);
        }
    }

    private static List<Block> blocks(final String place, final String text) {
        final List<Block> blocks = new ArrayList<>();
        final Matcher found = BLOCK.matcher(text);
        while (found.find()) {
            final String label = found.group(1);
            final String body = found.group(2);
            final boolean isEncrypted = label.startsWith("ENCRYPTED ") || body.contains("Proc-Type: 4,ENCRYPTED");
            try {
                blocks.add(new Block(label, isEncrypted ? new byte[0] : Base64.getMimeDecoder().decode(body),
                    isEncrypted));
            } catch (final IllegalArgumentException e) {
                throw new IllegalArgumentException(place + ": line " + line(text, found.start()) + ": the block "
                    + label + " is not Base64; copy the file again", e);
            }
        }
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException(place + ": has no PEM block (-----BEGIN …-----); convert it, for "
                + "example with openssl x509 -inform der or openssl pkcs12 -nodes");
        }
        return blocks;
    }

    private static long line(final String text, final int index) {
        return 1 + text.substring(0, index).chars().filter(c -> c == '\n').count();
    }
}
