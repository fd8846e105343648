package penstock.usage.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Lines that are appended together, each with the hash that chains it to the one before. Owned by one thread. */
public final class LedgerLines {
    private final Chain chain = new Chain();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private String last;

    /** {@code previous}: the hash of the line that they follow. */
    public LedgerLines(final String previous) {
        last = previous;
    }

    /** Adds a record. */
    public LedgerLines add(final RecordText record) {
        final byte[] body = record.body();
        last = chain.next(last, body, body.length);
        bytes.writeBytes(body);
        bytes.writeBytes(Chain.HASH_MEMBER);
        bytes.writeBytes(last.getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(Chain.LINE_END);
        return this;
    }

    /** The hash of the last line. */
    public String lastHash() {
        return last;
    }

    boolean isEmpty() {
        return bytes.size() == 0;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
