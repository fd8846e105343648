package penstock.tap;

import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One connection of a tap: assembles messages, and reports how the connection ended.
 *
 * <p>Threads of the JDK's client call it, one at a time, and deliver no message after the end.
 */
final class TapConnection implements WebSocket.Listener {
    private static final int LOST = 1006;

    /** How a connection ended: the close code, 1006 if there was none, the reason, and a text to print. */
    record End(int code, String reason, String text) {
    }

    private final StringBuilder message = new StringBuilder();
    private final Consumer<CharSequence> messages;
    private final CompletableFuture<End> ended = new CompletableFuture<>();
    private volatile boolean isUseful;

    TapConnection(final Consumer<CharSequence> messages) {
        this.messages = messages;
    }

    CompletableFuture<End> ended() {
        return ended;
    }

    /** True if more than a welcome was received. */
    boolean isUseful() {
        return isUseful;
    }

    @Override
    public CompletionStage<?> onText(final WebSocket socket, final CharSequence data, final boolean isLast) {
        message.append(data);
        if (isLast) {
            messages.accept(message);
            isUseful |= !message.substring(0, Math.min(message.length(), 64)).contains("\"welcome\"");
            message.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(final WebSocket socket, final int code, final String reason) {
        ended.complete(new End(code, reason,
            "closed by the server: " + code + " (" + CloseMeaning.of(code) + ")"
            + (reason.isEmpty() ? "" : " " + reason)));
        return null;
    }

    @Override
    public void onError(final WebSocket socket, final Throwable error) {
        ended.complete(
            new End(LOST, "", "connection lost: " + (error.getMessage() == null ? error : error.getMessage())));
    }

    /** Sends a Close frame and waits at most 1 s for the answer. */
    void close(final WebSocket socket) {
        if (!socket.isOutputClosed()) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
        }
        try {
            ended.get(1, TimeUnit.SECONDS);
        } catch (final ExecutionException | TimeoutException e) {
            socket.abort();
        } catch (final InterruptedException e) {
            socket.abort();
            Thread.currentThread().interrupt();
        }
    }
}
