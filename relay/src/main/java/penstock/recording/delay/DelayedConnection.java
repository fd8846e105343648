package penstock.recording.delay;

import java.nio.charset.StandardCharsets;
import java.util.List;
import penstock.recording.RecordingEntry;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.venue.replay.PayloadPacker;
import penstock.venue.replay.ReplaySpec;

/**
 * A connection to a recording: it greets and answers as the venue does, and begins to take messages when it has
 * subscribed, or after a second. Owned by the feed thread.
 */
final class DelayedConnection implements Upstream {
    private static final long START_AFTER_MS = 1_000;

    private enum Stage { WAITING, OPEN, TAKING, ENDED }

    private final ThreadOwner owner = new ThreadOwner();
    private final DelayedUpstreams upstreams;
    private final FeedClock clock;
    private final ReplaySpec venue;
    /** Null where messages are text frames. */
    private final PayloadPacker packer;
    private final UpstreamListener listener;
    private Stage stage = Stage.WAITING;
    private FeedClock.Timer start;
    /** The number of the recorded connection that the last message came by; there is no 0. */
    private long source;

    DelayedConnection(final DelayedUpstreams upstreams, final FeedClock clock, final ReplaySpec venue,
            final PayloadPacker packer, final UpstreamListener listener) {
        this.upstreams = upstreams;
        this.clock = clock;
        this.venue = venue;
        this.packer = packer;
        this.listener = listener;
    }

    boolean isWaiting() {
        return stage == Stage.WAITING;
    }

    boolean isTaking() {
        return stage == Stage.TAKING;
    }

    /** The recording has something that is due. */
    void open() {
        assert owner.check();
        stage = Stage.OPEN;
        start = clock.executeAfter(this::take, START_AFTER_MS);
        listener.onAlive(clock.nowNs());
        listener.onOpen();
        answer(venue.onOpen(), venue.startsOnConnect());
    }

    /** It goes on, even if nothing is due. */
    void onTick() {
        if (stage != Stage.WAITING && stage != Stage.ENDED) {
            listener.onAlive(clock.nowNs());
        }
    }

    void onMessage(final RecordingEntry.Kind kind, final long newSource, final byte[] buffer, final int offset,
            final int length) {
        if (stage != Stage.TAKING) {
            return;
        }
        if (newSource != source) {
            source = newSource;
            listener.onSource(source);
        }
        if (kind == RecordingEntry.Kind.TEXT) {
            listener.onText(buffer, offset, length, clock.nowNs());
        } else if (kind == RecordingEntry.Kind.PACKED || packer == null) {
            listener.onBinary(buffer, offset, length, clock.nowNs());
        } else {
            final byte[] packed = packer.packed(buffer, offset, length);
            listener.onBinary(packed, 0, packed.length, clock.nowNs());
        }
    }

    void onBatchEnd() {
        if (stage == Stage.TAKING) {
            listener.onBatchEnd();
        }
    }

    void lose(final UpstreamLoss loss) {
        if (stage != Stage.ENDED) {
            end();
            listener.onClosed(loss);
        }
    }

    @Override
    public void sendText(final byte[] utf8) {
        assert owner.check();
        if (stage == Stage.OPEN || stage == Stage.TAKING) {
            final ReplaySpec.Answer answer = venue.answer(utf8, 0, utf8.length);
            answer(answer.texts(), answer.starts());
        }
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        assert owner.check();
    }

    @Override
    public void close(final int code, final String reason) {
        assert owner.check();
        lose(UpstreamLoss.of(LossReason.STOPPED, reason, stage != Stage.WAITING));
    }

    @Override
    public void abort() {
        assert owner.check();
        end();
    }

    /** Later: the caller must not have its answers before its own call has returned. */
    private void answer(final List<String> texts, final boolean starts) {
        clock.execute(() -> {
            for (final String text : texts) {
                final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                if (stage == Stage.ENDED) {
                    return;
                }
                if (packer == null) {
                    listener.onText(bytes, 0, bytes.length, clock.nowNs());
                } else {
                    final byte[] packed = packer.packed(bytes, 0, bytes.length);
                    listener.onBinary(packed, 0, packed.length, clock.nowNs());
                }
            }
            if (starts) {
                take();
            }
        });
    }

    private void take() {
        if (stage == Stage.OPEN) {
            stage = Stage.TAKING;
            start.cancel();
            upstreams.onTaking();
        }
    }

    private void end() {
        stage = Stage.ENDED;
        if (start != null) {
            start.cancel();
        }
        upstreams.onEnded(this);
    }
}
