package penstock.testkit;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The plain bytes of a message that permessage-deflate compressed. */
public final class Inflated {
    private Inflated() {
    }

    /**
     * {@code compressed}: without the four bytes that RFC 7692 cuts off.
     *
     * @throws IllegalArgumentException if it is no complete message of at most {@code limit} bytes
     */
    public static byte[] bytes(final byte[] compressed, final int limit) {
        final byte[] whole = Arrays.copyOf(compressed, compressed.length + 4);
        Arrays.fill(whole, compressed.length + 2, whole.length, (byte) -1);
        final Inflater inflater = new Inflater(true);
        inflater.setInput(whole);
        try {
            final byte[] plain = new byte[limit + 1];
            final int count = inflater.inflate(plain);
            if (count > limit) {
                throw new IllegalArgumentException("more than " + limit + " bytes");
            }
            return Arrays.copyOf(plain, count);
        } catch (final DataFormatException e) {
            throw new IllegalArgumentException(e);
        } finally {
            inflater.end();
        }
    }
}
