package penstock.venue.emit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The name of a field as it is written: a comma, the name as JSON, a colon. Immutable. */
final class FieldName {
    static final int SHORT = 16;

    /** All of it. */
    final byte[] json;
    final int length;
    /** The first 16 bytes, with zeros behind a shorter one. */
    final long first;
    final long second;

    FieldName(final String name) {
        json = (",\"" + name + "\":").getBytes(StandardCharsets.UTF_8);
        length = json.length;
        final ByteBuffer words = ByteBuffer.wrap(Arrays.copyOf(json, Math.max(SHORT, length)))
            .order(ByteOrder.LITTLE_ENDIAN);
        first = words.getLong(0);
        second = words.getLong(Long.BYTES);
    }
}
