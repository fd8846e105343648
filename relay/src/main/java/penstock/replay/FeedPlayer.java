package penstock.replay;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import penstock.thread.ThreadOwner;

/**
 * Plays a script to the connected clients: gives it turns, flushes what it sent, and pauses it while a client has
 * {@link #PENDING_MARK_BYTES} pending, so nothing is dropped and nothing is buffered without bound.
 *
 * <p>Owned by the server's io thread; any thread may read the count of clients and whether it is silent.
 */
final class FeedPlayer implements FeedScript.Outlet {
    /**
     * Pending bytes of one client at which the script pauses. Half of a common second-level cache, so that pending
     * frames are written while warm.
     */
    static final int PENDING_MARK_BYTES = 256 * 1024;
    private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ThreadOwner owner = new ThreadOwner();
    private final FeedScript script;
    private final XnioIoThread ioThread;
    private final List<FeedServerConnection> connections = new ArrayList<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(64 * 1024);
    private final byte[] scratch = new byte[64 * 1024];
    private volatile boolean isSilent;
    private volatile int clientCount;
    private XnioExecutor.Key timer;
    private long timerDueNs = FeedScript.NEVER;
    private CompletableFuture<Void> emptied;
    private boolean isEnded;

    FeedPlayer(final FeedScript script, final XnioIoThread ioThread) {
        this.script = script;
        this.ioThread = ioThread;
    }

    int clientCount() {
        return clientCount;
    }

    boolean isSilent() {
        return isSilent;
    }

    /** Sends nothing from now on, or continues. */
    void silent(final boolean newIsSilent) {
        assert owner.check();
        isSilent = newIsSilent;
        turn();
    }

    void onUpgraded(final StreamConnection channel, final String path) {
        assert owner.check();
        if (isEnded) {
            IoUtils.safeClose(channel);
            return;
        }
        final FeedServerConnection connection = new FeedServerConnection(this, channel, path, readBuffer, scratch);
        connections.add(connection);
        clientCount = connections.size();
        connection.open();
        script.onOpen(connection, System.nanoTime());
        turn();
    }

    void onText(final FeedServerConnection connection, final byte[] buffer, final int offset, final int length) {
        script.onText(connection, buffer, offset, length);
    }

    void onLife(final FeedServerConnection connection, final boolean isPong) {
        script.onLife(connection, isPong);
    }

    void onClosed(final FeedServerConnection connection) {
        if (connections.remove(connection)) {
            clientCount = connections.size();
            script.onClosed(connection, System.nanoTime());
            completeIfEmpty();
        }
    }

    /** Closes every connection with a Close frame; {@code gone} completes when the last one has ended. */
    void closeAll(final int code, final String reason, final CompletableFuture<Void> gone) {
        emptied = gone;
        forEach(connection -> connection.close(code, reason));
        completeIfEmpty();
    }

    /** Plays no more, and hangs up on everybody, so that nothing is asked of the thread while it ends. */
    void end() {
        isEnded = true;
        forEach(FeedServerConnection::drop);
        if (timer != null) {
            timer.remove();
        }
    }

    /** Iterates backwards, because a connection that fails removes itself from the list. */
    void forEach(final Consumer<FeedServerConnection> action) {
        assert owner.check();
        for (int i = connections.size() - 1; i >= 0; i--) {
            action.accept(connections.get(i));
        }
    }

    /** Lets the script send for at most one slice, flushes, and schedules the next turn if the script asks for one. */
    void turn() {
        assert owner.check();
        if (isSilent || isEnded) {
            return;
        }
        long nowNs = System.nanoTime();
        final long sliceEndNs = nowNs + SLICE_NS;
        long nextNs;
        do {
            nextNs = script.onTurn(nowNs, this);
            forEach(FeedServerConnection::flush);
            nowNs = System.nanoTime();
        } while (nextNs <= nowNs && nowNs < sliceEndNs && hasRoom());
        // without room, the full socket triggers the next turn when it becomes writable
        final boolean hasRoom = hasRoom();
        final long dueNs = hasRoom ? nextNs : script.dueNs();
        if (dueNs == FeedScript.NEVER) {
            return; // the next message of a client triggers a turn
        }
        if (dueNs > nowNs || !hasRoom || connections.isEmpty()) {
            turnAt(dueNs, nowNs);
        } else {
            connections.get(0).wakeWhenWritable(); // through the selector, so that the other sockets are read
        }
    }

    @Override
    public boolean hasRoom() {
        return maxPendingBytes() < PENDING_MARK_BYTES;
    }

    @Override
    public boolean isDrained() {
        return maxPendingBytes() == 0;
    }

    private int maxPendingBytes() {
        int max = 0;
        for (int i = 0; i < connections.size(); i++) {
            max = Math.max(max, connections.get(i).pendingBytes());
        }
        return max;
    }

    private void turnAt(final long dueNs, final long nowNs) {
        if (timer != null) {
            if (timerDueNs <= dueNs) {
                return;
            }
            timer.remove();
        }
        timerDueNs = dueNs;
        final long delayMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(dueNs - nowNs + 999_999));
        timer = ioThread.executeAfter(this::onTimer, delayMs, TimeUnit.MILLISECONDS);
    }

    private void onTimer() {
        timer = null;
        timerDueNs = FeedScript.NEVER;
        turn();
    }

    private void completeIfEmpty() {
        if (emptied != null && connections.isEmpty()) {
            emptied.complete(null);
            emptied = null;
        }
    }
}
