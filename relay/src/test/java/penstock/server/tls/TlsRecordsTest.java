package penstock.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;
import penstock.memory.MemoryShare;
import penstock.telemetry.Counters;

/** Records take time, 0.4 ms each: a read ends in time, and the next one goes on. */
class TlsRecordsTest {
    private static final long RECORD_NS = 400_000;
    private static final int RECORD_BYTES = 1_000;
    private static final int RECORDS = 20;

    private final ByteBuffer arrived = ByteBuffer.allocate(RECORDS * RECORD_BYTES + 1);
    private long nowNs = 7;
    private final TlsThread shared =
        new TlsThread(MemoryShare.unlimited(), new Counters("fanout-0"), failed -> { }, () -> nowNs);
    private final StreamSinkConduit sink = (StreamSinkConduit) Proxy.newProxyInstance(getClass().getClassLoader(),
        new Class<?>[] {StreamSinkConduit.class}, (proxy, method, arguments) -> {
            throw new UnsupportedOperationException();
        });
    private final StreamSourceConduit source = (StreamSourceConduit) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {StreamSourceConduit.class},
        (proxy, method, arguments) -> read((ByteBuffer) arguments[0]));
    private final TlsRecords records = new TlsRecords(new OpenEngine(), shared, null, source, sink, () -> { });

    @BeforeEach
    void establish() throws IOException {
        arrived.put((byte) 0).flip();
        assertThat(records.read(ByteBuffer.allocate(16))).isZero();
        assertThat(records.isEstablished()).isTrue();
    }

    @Test
    void shouldReadForAMillisecondAndSayThatThereIsMore() throws IOException {
        arrived.clear().put(new byte[RECORDS * RECORD_BYTES]).flip();
        final ByteBuffer plain = ByteBuffer.allocate(RECORDS * RECORD_BYTES);
        int reads = 0;
        do {
            final long beganNs = nowNs;
            assertThat(records.read(plain)).isPositive();
            assertThat(nowNs - beganNs).isLessThan(1_000_000 + RECORD_NS);
            assertThat(records.hasMore()).as("%d bytes read", plain.position()).isEqualTo(plain.hasRemaining());
            reads++;
        } while (plain.hasRemaining());
        assertThat(reads).isGreaterThanOrEqualTo(RECORDS / 3);
    }

    private int read(final ByteBuffer bytes) {
        final int count = Math.min(bytes.remaining(), arrived.remaining());
        bytes.put(arrived.slice(arrived.position(), count));
        arrived.position(arrived.position() + count);
        return count;
    }

    /** Its first record ends the handshake; the others are as long in plain text. */
    private final class OpenEngine extends SSLEngine {
        private boolean isOpen;

        @Override
        public SSLEngineResult wrap(final ByteBuffer[] from, final int offset, final int length, final ByteBuffer to) {
            return pass(from[offset], to);
        }

        @Override
        public SSLEngineResult unwrap(final ByteBuffer from, final ByteBuffer[] to, final int offset,
                final int length) {
            if (!isOpen) {
                isOpen = true;
                from.get();
                return new SSLEngineResult(Status.OK, HandshakeStatus.FINISHED, 1, 0);
            }
            return pass(from, to[offset]);
        }

        private SSLEngineResult pass(final ByteBuffer from, final ByteBuffer to) {
            nowNs += RECORD_NS;
            final int count = Math.min(RECORD_BYTES, Math.min(from.remaining(), to.remaining()));
            to.put(from.slice(from.position(), count));
            from.position(from.position() + count);
            return new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, count, count);
        }

        @Override
        public HandshakeStatus getHandshakeStatus() {
            return HandshakeStatus.NOT_HANDSHAKING;
        }

        @Override
        public Runnable getDelegatedTask() {
            return null;
        }

        @Override
        public void closeInbound() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isInboundDone() {
            return false;
        }

        @Override
        public void closeOutbound() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOutboundDone() {
            return false;
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return new String[0];
        }

        @Override
        public String[] getEnabledCipherSuites() {
            return new String[0];
        }

        @Override
        public void setEnabledCipherSuites(final String[] suites) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String[] getSupportedProtocols() {
            return new String[0];
        }

        @Override
        public String[] getEnabledProtocols() {
            return new String[0];
        }

        @Override
        public void setEnabledProtocols(final String[] protocols) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SSLSession getSession() {
            return null;
        }

        @Override
        public void beginHandshake() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setUseClientMode(final boolean isClient) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean getUseClientMode() {
            return false;
        }

        @Override
        public void setNeedClientAuth(final boolean isNeeded) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean getNeedClientAuth() {
            return false;
        }

        @Override
        public void setWantClientAuth(final boolean isWanted) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean getWantClientAuth() {
            return false;
        }

        @Override
        public void setEnableSessionCreation(final boolean isEnabled) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean getEnableSessionCreation() {
            return false;
        }
    }
}
