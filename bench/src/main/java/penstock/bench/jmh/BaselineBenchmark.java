package penstock.bench.jmh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * A fixed piece of work with nothing of Penstock in it, by which releases are compared: a score divided by this one's
 * of the same run says how the code changed, not how the machine did. One operation is a walk over 16 KiB in 128
 * pieces, each copied once. Never change it.
 */
public class BaselineBenchmark extends TimedBenchmark {
    private static final int PIECES = 128;
    private static final int PIECE_BYTES = 128;

    private final byte[] source =
        "{\"symbol\":\"FX0012\",\"bid\":1.10342,\"ask\":1.10344}   ".repeat(PIECES * PIECE_BYTES / 48 + 1)
        .getBytes(StandardCharsets.US_ASCII);
    private final byte[] heap = new byte[PIECES * PIECE_BYTES];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(PIECES * PIECE_BYTES);

    /** Copies a frame to the heap, reads it byte by byte, and copies it back. */
    @Benchmark
    public int walkAndCopy() {
        int quotes = 0;
        direct.clear();
        for (int at = 0; at < PIECES * PIECE_BYTES; at += PIECE_BYTES) {
            System.arraycopy(source, at, heap, at, PIECE_BYTES);
            for (int i = at; i < at + PIECE_BYTES; i++) {
                if (heap[i] == '"') {
                    quotes++;
                }
            }
            direct.put(heap, at, PIECE_BYTES);
        }
        return quotes;
    }
}
