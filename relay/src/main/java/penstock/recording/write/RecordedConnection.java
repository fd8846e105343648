package penstock.recording.write;

import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;

/** One connection whose messages are recorded before they are passed on. Owned by the feed thread. */
final class RecordedConnection implements UpstreamListener, Upstream {
    private final FeedRecorder recorder;
    private final String url;
    private final UpstreamListener listener;
    private Upstream upstream;
    /** 0 while it is not open. */
    private int number;

    /** {@code url}: without secrets. */
    RecordedConnection(final FeedRecorder recorder, final String url, final UpstreamListener listener) {
        this.recorder = recorder;
        this.url = url;
        this.listener = listener;
    }

    /** Over {@code recorded}. */
    RecordedConnection of(final Upstream recorded) {
        upstream = recorded;
        return this;
    }

    @Override
    public void onOpen() {
        number = recorder.newConnection();
        recorder.onOpen(number, url);
        listener.onOpen();
    }

    @Override
    public void onAlive(final long nowNs) {
        listener.onAlive(nowNs);
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        recorder.onMessage(true, number, receivedNs, buffer, offset, length);
        listener.onText(buffer, offset, length, receivedNs);
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        recorder.onMessage(false, number, receivedNs, buffer, offset, length);
        listener.onBinary(buffer, offset, length, receivedNs);
    }

    @Override
    public boolean onPing(final byte[] payload, final int offset, final int length) {
        return listener.onPing(payload, offset, length);
    }

    @Override
    public void onBatchEnd() {
        listener.onBatchEnd();
    }

    @Override
    public void onClosed(final UpstreamLoss loss) {
        end(loss.reason());
        listener.onClosed(loss);
    }

    @Override
    public void onRefused(final String what) {
        end(LossReason.LOGIN_FAILED);
        listener.onRefused(what);
    }

    @Override
    public void sendText(final byte[] utf8) {
        upstream.sendText(utf8);
    }

    @Override
    public void sendPing() {
        upstream.sendPing();
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        upstream.sendPong(payload, offset, length);
    }

    @Override
    public void close(final int code, final String reason) {
        upstream.close(code, reason);
    }

    @Override
    public void abort() {
        end(LossReason.STOPPED);
        upstream.abort();
    }

    private void end(final LossReason reason) {
        if (number > 0) {
            recorder.onClose(number, reason.word());
            number = 0;
        }
    }
}
