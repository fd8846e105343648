package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import penstock.testkit.Patience;

/** Records the events of a connection as short texts. */
final class RecordingListener implements UpstreamListener {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    final AtomicInteger batches = new AtomicInteger();
    volatile UpstreamLoss loss;
    /** Thrown by each text. */
    volatile Error failsWith;

    @Override
    public void onOpen() {
        events.add("open");
    }

    @Override
    public void onAlive(final long nowNs) {
        assertThat(loss).isNull();
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        events.add("text " + new String(buffer, offset, length, StandardCharsets.UTF_8));
        if (failsWith != null) {
            throw failsWith;
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        events.add("binary " + length);
    }

    @Override
    public boolean onPing(final byte[] payload, final int offset, final int length) {
        events.add("ping");
        return true;
    }

    @Override
    public void onBatchEnd() {
        assertThat(loss).isNull();
        batches.incrementAndGet();
    }

    @Override
    public void onClosed(final UpstreamLoss reported) {
        assertThat(loss).as("reported once").isNull();
        loss = reported;
        events.add("closed " + reported.reason());
    }

    String next() throws InterruptedException {
        final String event = events.poll(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(event).as("no event within 10 s").isNotNull();
        return event;
    }

    UpstreamLoss awaitLoss() throws InterruptedException {
        while (!next().startsWith("closed ")) {
            assertThat(events.size()).isLessThan(100_000);
        }
        return loss;
    }
}
