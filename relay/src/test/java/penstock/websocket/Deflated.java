package penstock.websocket;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/** The sending half of permessage-deflate, for tests. */
final class Deflated implements AutoCloseable {
    private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    private final boolean contextTakeover;

    Deflated(final boolean contextTakeover) {
        this.contextTakeover = contextTakeover;
    }

    /** One message's payload, without the tail 00 00 ff ff. */
    byte[] message(final byte[] plain) {
        final byte[] whole = run(plain, Deflater.SYNC_FLUSH);
        if (!contextTakeover) {
            deflater.reset();
        }
        // zlib flushes nothing twice: an empty message is an empty stored block without its end (RFC 7692, 7.2.3.6)
        return whole.length == 0 ? new byte[1] : Arrays.copyOf(whole, whole.length - 4);
    }

    /** A message that ends its stream: the last block, and a byte that makes a stored one of the tail. */
    byte[] lastMessage(final byte[] plain) {
        deflater.finish();
        final byte[] whole = run(plain, Deflater.NO_FLUSH);
        deflater.reset();
        return Arrays.copyOf(whole, whole.length + 1);
    }

    @Override
    public void close() {
        deflater.end();
    }

    private byte[] run(final byte[] plain, final int flush) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final byte[] step = new byte[8192];
        deflater.setInput(plain);
        int count = deflater.deflate(step, 0, step.length, flush);
        while (count > 0) {
            out.write(step, 0, count);
            count = deflater.deflate(step, 0, step.length, flush);
        }
        return out.toByteArray();
    }
}
