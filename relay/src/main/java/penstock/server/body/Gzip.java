package penstock.server.body;

import io.undertow.util.HeaderValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses answers. Stateless. */
public final class Gzip {
    /** In the header. */
    public static final String NAME = "gzip";
    /** A smaller body fits one packet in any case. */
    public static final int MIN_BYTES = 1024;
    /** What does not compress grows by less than this. */
    public static final int MAX_OVERHEAD_BYTES = 1024;

    private static final class LevelGzip extends GZIPOutputStream {
        LevelGzip(final OutputStream out, final int level) throws IOException {
            super(out, 16 * 1024);
            def.setLevel(level);
        }
    }

    private Gzip() {
    }

    /** RFC 9110, 12.5.3: gzip is named, or covered by a star, with a weight above 0. */
    public static boolean isAccepted(final HeaderValues lines) {
        if (lines == null) {
            return false;
        }
        boolean byStar = false;
        for (final String line : lines) {
            for (final String each : line.toLowerCase(Locale.ROOT).split(",")) {
                final String[] parts = each.split(";", 2);
                final boolean isAcceptable = parts.length == 1 || !parts[1].replace(" ", "").matches("q=0(\\.0{0,3})?");
                if (parts[0].trim().equals(NAME)) {
                    return isAcceptable;
                }
                byStar |= isAcceptable && parts[0].trim().equals("*");
            }
        }
        return byStar;
    }

    /**
     * Compresses {@code pieces}, and prefers speed to size: a client that polls is served by {@link EntityTag}s. Takes
     * longer than an io thread may spend: for worker threads.
     */
    public static byte[] compress(final Iterator<ByteBuffer> pieces) {
        return compress(pieces, Deflater.BEST_SPEED);
    }

    /** Compresses a file as far as it goes, once for all who ask for it: a script of 15 KB is a tenth smaller so. */
    public static byte[] compressOnce(final byte[] file) {
        return compress(List.of(ByteBuffer.wrap(file)).iterator(), Deflater.BEST_COMPRESSION);
    }

    private static byte[] compress(final Iterator<ByteBuffer> pieces, final int level) {
        final ByteArrayOutputStream compressed = new ByteArrayOutputStream(16 * 1024);
        try (GZIPOutputStream gzip = new LevelGzip(compressed, level)) {
            while (pieces.hasNext()) {
                final ByteBuffer piece = pieces.next();
                gzip.write(piece.array(), 0, piece.limit());
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
