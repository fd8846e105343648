package penstock.bench.tls;

import java.nio.ByteBuffer;

/** What all connections of one thread share; they hold something only within a call. Owned by that thread. */
public final class TlsBuffers {
    private static final int NETWORK_BYTES = 64 << 10;
    private static final int RECORDS_BYTES = 2 << 20;

    final ByteBuffer network = ByteBuffer.allocateDirect(NETWORK_BYTES);
    final ByteBuffer records = ByteBuffer.allocateDirect(RECORDS_BYTES);
}
