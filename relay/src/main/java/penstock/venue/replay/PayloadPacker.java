package penstock.venue.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.PayloadCodec;

/**
 * Packs messages into binary frames, as the venue does: the inverse of {@link PayloadCodec}. One thread at a
 * time.
 */
public final class PayloadPacker {
    private final PayloadCodec.Kind kind;

    private PayloadPacker(final PayloadCodec.Kind kind) {
        this.kind = kind;
    }

    /** Null if the venue sends text frames. */
    public static PayloadPacker of(final ConnectionSpec connection) {
        final boolean isBinary = connection.framing().frames() == ConnectionSpec.Frames.BINARY
            || connection.framing().payload() != PayloadCodec.Kind.NONE;
        return isBinary ? new PayloadPacker(connection.framing().payload()) : null;
    }

    /** The payload of the frame that carries this message. */
    public byte[] packed(final byte[] message, final int offset, final int length) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream(length / 2 + 64);
        final Deflater deflater = new Deflater(Deflater.BEST_SPEED, kind != PayloadCodec.Kind.ZLIB);
        try (OutputStream packing = switch (kind) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out);
            default -> new DeflaterOutputStream(out, deflater);
        }) {
            packing.write(message, offset, length);
        } catch (final IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }
}
