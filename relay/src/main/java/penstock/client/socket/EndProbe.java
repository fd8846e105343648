package penstock.client.socket;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Finds the end of a connection that the JDK has lost: one that came while nothing was asked of it, or while it handed
 * a message over. When nothing follows such a moment for 500 ms, it sends pings. A peer that is gone answers the first
 * one with a reset, and the third cannot be sent any more; a peer that is slow costs four pings, and its connection
 * stays.
 *
 * <p>Any thread.
 */
final class EndProbe {
    private static final long SILENCE_MS = 500;
    private static final long PAUSE_MS = 200;
    private static final int PINGS = 4;

    private final WebSocket socket;
    private final Consumer<Throwable> onLost;
    private final Executor afterSilence = CompletableFuture.delayedExecutor(SILENCE_MS, TimeUnit.MILLISECONDS);
    private final Executor afterPause = CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS);
    /** Guarded by this, as is all that follows. */
    private boolean mayBeLost;
    private boolean isRead;
    private boolean isScheduled;
    private long arrivals;
    private long seen;
    private int pings;

    /** {@code onLost} takes why nothing can be sent. */
    EndProbe(final WebSocket socket, final Consumer<Throwable> onLost) {
        this.socket = socket;
        this.onLost = onLost;
    }

    /** Something came; {@code isPart}: of a message that goes on, so that for a moment nothing was asked for. */
    synchronized void onArrival(final boolean isPart) {
        arrivals++;
        mayBeLost = isPart;
        if (isPart) {
            begin();
        }
    }

    /** Nothing was asked for since the last arrival until now. */
    synchronized void onPause() {
        mayBeLost = true;
        begin();
    }

    /**
     * The user reads a message, or has read it. One who has not read within the silence is worth the pings; behind
     * every message they would cost an idle connection more than its messages.
     */
    synchronized void onReading(final boolean begins) {
        isRead = begins;
        if (begins) {
            begin();
        }
    }

    private void begin() {
        if (!isScheduled) {
            isScheduled = true;
            seen = arrivals;
            pings = 0;
            afterSilence.execute(this::look);
        }
    }

    private synchronized void look() {
        isScheduled = false;
        if (!mayBeLost && !isRead || socket.isInputClosed()) {
            return;
        }
        if (arrivals != seen) {
            begin();
        } else if (pings < PINGS) {
            pings++;
            isScheduled = true;
            socket.sendPing(ByteBuffer.allocate(0)).whenComplete((same, fault) -> {
                if (fault == null) {
                    afterPause.execute(this::look);
                } else {
                    onLost.accept(fault);
                }
            });
        }
    }
}
