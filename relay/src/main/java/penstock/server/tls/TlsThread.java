package penstock.server.tls;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.xnio.StreamConnection;
import penstock.memory.MemoryShare;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.thread.ThreadOwner;

/**
 * What the TLS connections of one io thread share. They take turns with the buffers, so that a connection without half
 * a record holds none.
 *
 * <p>Owned by the io thread.
 */
public final class TlsThread {
    /** The JDK's largest record, rounded up. */
    static final int RECORD_BYTES = 17 * 1024;
    private static final int RECEIVE_BYTES = 64 * 1024;
    private static final int SEND_BYTES = 64 * 1024;
    /** For the records of one read: 15 µs each, but 0.6 ms in a process that is new. */
    private static final long SLICE_NS = 1_000_000;

    private final ThreadOwner owner = new ThreadOwner();
    private final Counters counters;
    private final HeldRecords held;
    private final Consumer<StreamConnection> failures;
    private final HeldRecords unsent;
    private final ByteBuffer received = ByteBuffer.allocateDirect(RECEIVE_BYTES);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(RECORD_BYTES);
    private final ByteBuffer sent = ByteBuffer.allocateDirect(SEND_BYTES);
    private final LongSupplier nowNs;
    private long untilNs;

    /**
     * {@code counters} are those of the io thread; half records are accounted in {@code memory}; {@code failures} gets
     * each connection that ends before its handshake is complete.
     */
    public TlsThread(final MemoryShare memory, final Counters counters, final Consumer<StreamConnection> failures) {
        this(memory, counters, failures, System::nanoTime);
    }

    TlsThread(final MemoryShare memory, final Counters counters, final Consumer<StreamConnection> failures,
            final LongSupplier nowNs) {
        this.nowNs = nowNs;
        this.counters = counters;
        this.failures = failures;
        held = HeldRecords.received(memory, counters);
        unsent = HeldRecords.unsent(memory, counters);
    }

    /** Empty; for encrypted bytes of the client. */
    ByteBuffer received() {
        assert owner.check();
        return received.clear();
    }

    /** Empty; for the plain bytes of one record. */
    ByteBuffer plain() {
        return plain.clear();
    }

    /** Empty; for encrypted bytes on their way to the client. */
    ByteBuffer sent() {
        assert owner.check();
        return sent.clear();
    }

    /** Records are decrypted from now on. */
    void begin() {
        assert owner.check();
        untilNs = nowNs.getAsLong() + SLICE_NS;
    }

    /** Whether the next record has to wait until the other sockets had their turn. */
    boolean isTimeUp() {
        return nowNs.getAsLong() - untilNs >= 0;
    }

    HeldRecords held() {
        return held;
    }

    void onFailed(final StreamConnection socket) {
        failures.accept(socket);
    }

    HeldRecords unsent() {
        return unsent;
    }

    void count(final Counter counter) {
        assert owner.check();
        counters.increment(counter);
    }
}
