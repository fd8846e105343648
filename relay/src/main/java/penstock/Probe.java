package penstock;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import penstock.venue.RecordingCheck;
import penstock.venue.Venue;
import penstock.venue.spec.SessionStep;

/**
 * One connection to a feed that prints its messages. Called by the client's threads; its lock lets in one at a time.
 */
final class Probe implements WebSocket.Listener {
    private final Venue venue;
    private final List<String> channels;
    private final List<String> symbols;
    private final long maxMessages;
    private final PrintStream out;
    private final RecordingCheck check;
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private final CountDownLatch ended = new CountDownLatch(1);
    private int step;
    private boolean isStepDone;
    private boolean isSubscribed;
    private boolean isRefused;
    private long messages;
    private String prefix = "";

    Probe(final Venue venue, final List<String> channels, final List<String> symbols, final long maxMessages,
            final PrintStream out) {
        this.venue = venue;
        this.channels = channels;
        this.symbols = symbols;
        this.maxMessages = maxMessages;
        this.out = out;
        check = new RecordingCheck(venue, line -> out.println(prefix + line));
    }

    void awaitEnd(final long time, final TimeUnit unit) throws InterruptedException {
        ended.await(time, unit);
    }

    /** Prints the counts; true if the login was done, and a rule could use each message. */
    synchronized boolean report() {
        out.println();
        check.report().forEach(out::println);
        if (!isSubscribed) {
            out.println("the login was not done: step " + (step + 1) + " of " + venue.session().size());
        }
        return isSubscribed && check.failures() == 0;
    }

    @Override
    public synchronized void onOpen(final WebSocket socket) {
        venue.onConnected();
        proceed(socket);
        socket.request(1);
    }

    @Override
    public synchronized CompletionStage<?> onText(final WebSocket socket, final CharSequence part,
            final boolean isLast) {
        text.append(part);
        if (isLast) {
            final byte[] message = text.toString().getBytes(StandardCharsets.UTF_8);
            text.setLength(0);
            begin(message.length);
            check.onText(message, 0, message.length, this::watch);
            end(socket);
        }
        socket.request(1);
        return null;
    }

    @Override
    public synchronized CompletionStage<?> onBinary(final WebSocket socket, final ByteBuffer part,
            final boolean isLast) {
        final byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        binary.writeBytes(bytes);
        if (isLast) {
            final byte[] message = binary.toByteArray();
            binary.reset();
            begin(message.length);
            check.onBinary(message, 0, message.length, this::watch);
            end(socket);
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(final WebSocket socket, final int code, final String reason) {
        out.println("closed by the feed: " + code + " " + reason);
        ended.countDown();
        return null;
    }

    @Override
    public void onError(final WebSocket socket, final Throwable error) {
        out.println("lost: " + error);
        ended.countDown();
    }

    private void begin(final int length) {
        messages++;
        prefix = messages + "  " + length + " B  ";
    }

    private void end(final WebSocket socket) {
        if (isRefused) {
            out.println("the venue has refused the login");
        }
        if (messages >= maxMessages || isRefused) {
            ended.countDown();
        }
        if (isStepDone) {
            isStepDone = false;
            proceed(socket);
        }
    }

    /** Finds the message that the login awaits; consumes none, so that the report has all. */
    private boolean watch(final byte[] message, final int offset, final int length) {
        if (step < venue.session().size()) {
            final SessionStep awaited = venue.session().get(step);
            if (isRefusal(awaited, message, offset, length)) {
                isRefused = true;
            } else if (isAwaited(awaited, message, offset, length)) {
                step++;
                isStepDone = true;
            }
        }
        return false;
    }

    private static boolean isRefusal(final SessionStep awaited, final byte[] message, final int offset,
            final int length) {
        return awaited instanceof SessionStep.Await await && await.fail() != null
            && await.fail().matches(message, offset, length);
    }

    private static boolean isAwaited(final SessionStep awaited, final byte[] message, final int offset,
            final int length) {
        return awaited instanceof SessionStep.AwaitText plain && plain.text().matches(message, offset, length)
            || awaited instanceof SessionStep.Await await && await.match().matches(message, offset, length);
    }

    /** Sends up to the next step that waits for a message, and the subscriptions after the last step. */
    private void proceed(final WebSocket socket) {
        while (step < venue.session().size()) {
            if (venue.session().get(step) instanceof SessionStep.Send send) {
                socket.sendText(send.message(), true).join();
            } else if (venue.session().get(step) instanceof SessionStep.Sleep sleep) {
                CompletableFuture.runAsync(() -> { },
                    CompletableFuture.delayedExecutor(sleep.forMs(), TimeUnit.MILLISECONDS)).join();
            } else {
                break;
            }
            step++;
        }
        if (step == venue.session().size() && !isSubscribed) {
            isSubscribed = true;
            for (final String message : venue.subscribe().messages(channels, symbols, 1)) {
                socket.sendText(message, true).join();
            }
        }
    }
}
