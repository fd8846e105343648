package penstock.venue.spec;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the payloads of binary frames; each payload is complete. All frames share one inflater and one buffer. The
 * buffer grows with the inflated size, up to the limit, so a decompression bomb costs no more than the limit.
 * Owned by the feed thread.
 */
public final class PayloadCodec {
    private static final int GZIP_HEADER = 10;
    private static final int GZIP_TRAILER = 8;
    private static final int FLAG_CHECK = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    /** How payloads are compressed. */
    public enum Kind { NONE, GZIP, ZLIB, DEFLATE_RAW }

    private final Kind kind;
    private final int maxBytes;
    private final Inflater inflater;
    private final CRC32 crc = new CRC32();
    private byte[] buffer = new byte[8 * 1024];
    private int length;

    public PayloadCodec(final Kind kind, final int maxBytes) {
        this.kind = kind;
        this.maxBytes = maxBytes;
        inflater = new Inflater(kind != Kind.ZLIB);
    }

    /** The inflated bytes of the last frame. */
    public byte[] buffer() {
        return buffer;
    }

    /** Number of inflated bytes. */
    public int length() {
        return length;
    }

    /** Inflates a frame; null if it succeeds, else the reason for the failure. */
    public String decode(final byte[] frame, final int offset, final int count) {
        final int header = kind == Kind.GZIP ? gzipHeader(frame, offset, offset + count) : 0;
        if (header < 0) {
            return "no gzip header";
        }
        inflater.reset();
        inflater.setInput(frame, offset + header, count - header);
        length = 0;
        final String problem = inflate();
        if (problem != null || kind != Kind.GZIP) {
            return problem;
        }
        return checkTrailer(frame, offset + count - inflater.getRemaining(), inflater.getRemaining());
    }

    private String inflate() {
        try {
            while (!inflater.finished()) {
                if (length == buffer.length) {
                    if (length == maxBytes) {
                        return "inflates to more than connection.max-inflated = " + maxBytes + " bytes";
                    }
                    buffer = Arrays.copyOf(buffer, (int) Math.min(maxBytes, 2L * buffer.length));
                }
                final int count = inflater.inflate(buffer, length, Math.min(buffer.length, maxBytes) - length);
                length += count;
                if (count == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    // a raw stream may end with a flush and without a final block
                    return kind == Kind.DEFLATE_RAW && inflater.needsInput() && length > 0 ? null
                        : "ends before the end of its compressed data";
                }
            }
            return null;
        } catch (final DataFormatException e) {
            return "not compressed as connection.payload says: " + e.getMessage();
        }
    }

    private String checkTrailer(final byte[] frame, final int at, final int count) {
        if (count != GZIP_TRAILER) {
            return "gzip data without a trailer, or with extra bytes after it";
        }
        crc.reset();
        crc.update(buffer, 0, length);
        return int32(frame, at) == (int) crc.getValue() && int32(frame, at + 4) == length ? null
            : "gzip checksum is wrong";
    }

    /** Length of the header in bytes, or -1. */
    private static int gzipHeader(final byte[] frame, final int offset, final int end) {
        if (end - offset < GZIP_HEADER + GZIP_TRAILER || frame[offset] != 0x1f || (frame[offset + 1] & 0xff) != 0x8b
                || frame[offset + 2] != 8) {
            return -1;
        }
        final int flags = frame[offset + 3];
        int at = offset + GZIP_HEADER;
        if ((flags & FLAG_EXTRA) != 0) {
            at += 2 + (frame[at] & 0xff) + ((frame[at + 1] & 0xff) << 8);
        }
        for (int strings = Integer.bitCount(flags & (FLAG_NAME | FLAG_COMMENT)); strings > 0; strings--) {
            while (at < end && frame[at] != 0) {
                at++;
            }
            at++;
        }
        at += (flags & FLAG_CHECK) != 0 ? 2 : 0;
        return at < end ? at - offset : -1;
    }

    private static int int32(final byte[] bytes, final int at) {
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
    }
}
